"""What every document needs, read once for all children forked from the process that imports this."""

from content.prepare import prepare_document

prepare_document("warm.md", "# 渡口\n\n清早的河面上起了雾。\n".encode())
