"""What files are called that are imported."""

from __future__ import annotations

from pathlib import Path

from bot.sources import find_files
from content.models import Document


def test_a_name_is_no_longer_than_the_corpus_keeps_and_its_end_stays(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(7):
        folder = folder / ("堤" * 80)
        folder.mkdir()
    for name in ("a.md", "b.md"):
        (folder / name).write_text("水位")
    names = [found.name for found in find_files([tmp_path])]
    room = Document.__table__.c.name.type.length  # type: ignore[attr-defined]

    assert [len(name) for name in names] == [room, room]
    assert [name[0] for name in names] == ["…", "…"]
    assert [name.rpartition("/")[2] for name in names] == ["a.md", "b.md"]
