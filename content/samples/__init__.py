"""The corpus that ships with Rizhi: eight short documents, Chinese and English, to read and to try things on.

The Chinese ones have Chinese names, the English ones English names. All of it is our own words,
under the project's licence (MIT). The county, the village, the garden and the water station are invented,
with all their people and figures; what the texts tell of history and science is fact.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""The folder that holds the documents."""
