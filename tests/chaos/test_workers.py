"""Killed, frozen and cut off in bad weather, three workers bring everyone one digest, and nobody two."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chaos.storm import Storm, attempts, run_storm

BLOWS = {"kill": 2, "freeze": 1, "cut": 1}


def test_workers_that_are_killed_frozen_and_cut_off_lose_nothing_and_double_nothing(
    tmp_path: Path, postgres_url: str
) -> None:
    storm = Storm(tmp_path, postgres_url, 60, seed=6, severity=4, lease=5)
    try:
        verdict = run_storm(storm, Counter(BLOWS), limit=90, workers=3)
        assert (verdict.lost, verdict.extra) == (0, 0), (verdict, (tmp_path / "log").read_text())
        assert verdict.struck == BLOWS
        assert set(verdict.states) <= {"sent", "skipped"}, verdict
        assert attempts(storm)["sent"] >= 59
        assert verdict.by_workers > 0, verdict
    finally:
        storm.close()
