"""Killed again and again under load, the bot behind its webhook answers every command."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.siege import Siege, run_siege


def test_kills_under_load_lose_no_command_and_double_only_what_was_in_flight(tmp_path: Path) -> None:
    siege = Siege(tmp_path, seed=3)
    try:
        verdict = run_siege(siege, kills=2, limit=60, most=10)
    finally:
        siege.close()

    assert verdict.kills == 2, (tmp_path / "log").read_text()
    assert verdict.lost == 0, verdict
    assert verdict.unexplained == 0, verdict
    assert verdict.extra <= sum(verdict.in_flight), verdict
    assert verdict.in_flight[-1] == 0
