"""Makes PDFs: by the programs that people make them with, and by hand where no program would."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

try:
    import weasyprint
except OSError:  # it is there, but Pango is not
    pytest.skip("Pango, which sets PDFs, is not on this machine", allow_module_level=True)

CHROMIUM = Path("/usr/bin/chromium")
SOFFICE = shutil.which("soffice")
OFFICE_SECONDS = 60

BARE_PAGE = (
    "@page{size:A5;margin:2cm 1.8cm}h1,h2,h3{text-align:center}p{text-indent:2em;margin:0;text-align:justify}"
    "body{font-family:'Noto Serif CJK SC';font-size:11pt;line-height:1.7}"
)
PAGE = BARE_PAGE + (
    "@page{@top-center{content:'四乡读书会简报';font-size:9pt}"
    "@bottom-center{content:'— ' counter(page) ' —'}}"
)
"""A page as newsletters have it: first lines indented by two characters; running head and page number."""

TWO_COLUMNS = PAGE + "body{font-size:9pt}main{columns:2;column-gap:1.5em}h1{column-span:all}"

needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not on this machine")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on this machine")


def styled(html: str, css: str) -> str:
    """Return the page of HTML with this style sheet, its text within <main>."""
    return (
        html.replace("</head>", f"<style>{css}</style></head>")
        .replace("<body>", "<body><main>")
        .replace("</body>", "</main></body>")
    )


@cache
def by_weasyprint(html: str) -> bytes:
    """Return the page of HTML as WeasyPrint prints it."""
    body: bytes | None = weasyprint.HTML(string=html).write_pdf()
    assert body
    return body


def by_chromium(*pages: str) -> list[bytes]:
    """Return the pages of HTML as Chromium prints them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        printed: list[bytes] = []
        for html in pages:
            page.set_content(html)
            printed.append(page.pdf(prefer_css_page_size=True))
        browser.close()
    return printed


def by_office(docx: bytes, folder: Path) -> bytes:
    """Return the Word file as LibreOffice prints it."""
    assert SOFFICE
    source = folder / "a.docx"
    source.write_bytes(docx)
    command = [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_SECONDS)
    return (folder / "a.pdf").read_bytes()


def by_hand(streams: Sequence[str], resources: str = "", trailer: str = "", page: str = "") -> bytes:
    """Return a PDF with a page for each content stream; `/F` is Helvetica, `/G` names no characters.

    `resources`, `trailer` and `page` are entries for the pages' resources, the trailer and each page.
    """
    fonts = (
        "/F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> /G <</Type/Font/Subtype/Type0/BaseFont/Odd"
        "/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Odd"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>]>>"
    )
    numbers = range(3, 3 + 2 * len(streams), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(streams)}/Kids[{kids}]>>"]
    for number, stream in zip(numbers, streams, strict=True):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R {page}"
            f"/Resources<</Font<<{fonts}>>{resources}>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
    return _numbered(objects, trailer)


def _numbered(objects: Sequence[str], trailer: str) -> bytes:
    body = "%PDF-1.7\n"
    places: list[int] = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    body += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("latin-1")


def show(text: str, x: float, y: float, size: float = 12, mode: int = 0, font: str = "F") -> str:
    """Return the operators that show Latin text, or hexadecimal codes of the font `G`, from a point on."""
    shown = f"<{text}>" if font == "G" else f"({text})"
    return f"BT /{font} {size} Tf {mode} Tr {x} {y} Td {shown} Tj ET\n"
