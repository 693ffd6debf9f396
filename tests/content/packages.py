"""Makes .docx and .epub files part by part, as small as their readers accept them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_PARTS = ("styles", "numbering", "footnotes", "endnotes")
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType='
        f'"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"/>'
        for name in WORD_PARTS
    )
    + "</Types>"
)
RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
PART_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="r{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"'
        f' Target="{name}.xml"/>'
        for name in WORD_PARTS
    )
    + "</Relationships>"
)
HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/>'
    f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    for level in (1, 2, 3)
)
"""The styles that Word gives headings, with the ids of a Chinese Word."""

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
    '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive with these parts."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return body.getvalue()


def word_xml(tag: str, inside: str) -> str:
    """Return a part of a Word file whose root is `w:{tag}`."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} xmlns:w="{W}">{inside}</w:{tag}>'


def word_paragraph(text: str, properties: str = "", run_properties: str = "") -> str:
    """Return a paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run_properties}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def make_docx(inside: str, styles: str = HEADINGS, **parts: str) -> bytes:
    """Return a .docx file with this body; `parts` are what `word/{name}.xml` holds inside its root."""
    return pack(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": RELATIONSHIPS,
            "word/_rels/document.xml.rels": PART_RELATIONSHIPS,
            "word/document.xml": word_xml("document", f"<w:body>{inside}</w:body>"),
            "word/styles.xml": word_xml("styles", styles),
            **{f"word/{name}.xml": word_xml(name, part) for name, part in parts.items()},
        }
    )


def make_page(inside: str, title: str = "") -> str:
    """Return an XHTML page."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
        f"<body>{inside}</body></html>"
    )


def make_epub(chapters: Sequence[str], title: str = "", contents: Sequence[str] = (), **parts: str) -> bytes:
    """Return an .epub file whose spine holds these chapters, after a page with a table of contents.

    `contents` are the titles of the chapters in the table; `parts` are further files, `__` for a slash.
    """
    names = [f"text/chapter{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names, 1)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(1, len(names) + 1))
    links = "".join(
        f'<li><a href="{name}">{escape(label)}</a></li>' for name, label in zip(names, contents, strict=False)
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></metadata>'
        '<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    return pack(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/content.opf": package,
            "OEBPS/nav.xhtml": make_page(f"<nav><h1>目录</h1><ol>{links}</ol></nav>"),
            **{f"OEBPS/{name}": page for name, page in zip(names, chapters, strict=True)},
            **{name.replace("__", "/"): part for name, part in parts.items()},
        }
    )
