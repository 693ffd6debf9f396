"""Documents by the titles that readers are shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.database import Database
from bot.imports import Importer
from bot.sources import find_files
from content.models import Document
from content.titles import title_documents
from tests.conftest import NOW

FILES = {
    "只有一篇.md": "# 老槐树\n\n院里有一棵老槐树，夏天遮半个院子。",
    "一本书.md": "# 四季\n\n## 春\n\n柳枝先软了下来。\n\n## 秋\n\n晒场上铺满了谷子。",
    "几篇.md": "# 甲\n\n风从北边来，吹了一夜。\n\n# 乙\n\n雨到天亮才停住。",
    "000_4ad0c1d776a1a6d1.md": "# 丙\n\n雪下了一天，院里白了。\n\n# 丁\n\n太阳出来，雪就化了。",
    "钟/上.md": "# 钟楼\n\n钟楼早上敲六下，大家听见就起床。",
    "钟/下.md": "# 钟楼\n\n钟楼晚上敲九下，大家听见就熄灯。",
}


def test_a_document_is_called_by_its_title_and_else_or_where_two_share_it_by_its_name(
    database: Database, tmp_path: Path
) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    list(Importer(database, "书", "public", NOW).import_files(find_files([tmp_path])))
    named = database.run_read(lambda session: session.execute(select(Document.name, Document.id)).all())
    titles = database.run_read(lambda session: title_documents(session, [number for _, number in named]))

    assert {name: titles[number] for name, number in named} == {
        "只有一篇.md": "老槐树",
        "一本书.md": "四季",
        "几篇.md": "几篇",
        "000_4ad0c1d776a1a6d1.md": "丙 (1/2)",
        "钟/上.md": "上",
        "钟/下.md": "下",
    }
