"""The small corpus that ships: our own words, in several shapes, for the demo and for trying things out."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the documents are."""
