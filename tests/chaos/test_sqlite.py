"""Killed again and again in bad weather, the bot brings everyone one digest, and nobody two."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chaos.storm import Storm, attempts, run_storm


def test_kills_in_bad_weather_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    storm = Storm(tmp_path, f"sqlite:///{tmp_path / 'rizhi.db'}", 80, seed=6, severity=4)
    try:
        verdict = run_storm(storm, Counter(kill=3), limit=90)
        assert (verdict.lost, verdict.extra) == (0, 0), (verdict, (tmp_path / "log").read_text())
        assert verdict.struck["kill"] == 3
        assert set(verdict.states) <= {"sent", "skipped"}, verdict
        assert attempts(storm)["sent"] >= 79
    finally:
        storm.close()
