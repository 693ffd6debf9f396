"""Characters as PDFs store them to characters as people write them."""

from __future__ import annotations

import unicodedata

BROKEN = "\ufffd"
"""Stands for a character that the font shows but does not name."""

BULLETS = dict.fromkeys("\uf0b7\uf06c\uf06e\uf0a7\uf0d8\uf0fc\uf075\uf076\uf0e8\uf0a8", "•")
"""What Word's symbol fonts keep at private places and use for items of lists."""

LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

RADICALS = {
    chr(code): plain
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
} | dict(
    zip(
        "⺁⺒⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⼾",
        "厂巳民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟户",
        strict=True,
    )
)
"""Many producers name a glyph by its radical (⼈, ⻅) where the text had the character (人, 见): the same
picture, another code point, which no search would find. Unicode has no mapping for the simplified ones."""

PLAIN = (
    BULLETS | LIGATURES | RADICALS | {"\u00ad": "", "\u0002": "-", "\ufffe": "-", "\u00a0": " ", "\t": " "}
)
"""PDFium writes U+0002 or U+FFFE for a hyphen at a line's end."""


def readable(character: str) -> str:
    """Return what a person would write: nothing for a mark without a shape, BROKEN for a private code."""
    if character in PLAIN:
        return PLAIN[character]
    kind = unicodedata.category(character)
    if kind in ("Co", "Cn", "Cs"):
        return BROKEN
    if kind in ("Zs", "Zl", "Zp"):
        return character if character == "\u3000" else " "
    return "" if kind in ("Cc", "Cf") else character
