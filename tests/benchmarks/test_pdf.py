"""How fast PDFs are read and how much memory it takes, beside PDFium's plain text; prints a table.

Run with: pytest -m benchmark tests/benchmarks/test_pdf.py -s
Each reader has a process of its own and reads the same 200 pages; seconds are processor time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from tests.content.pdfs import PAGE, by_weasyprint, styled
from tests.content.spring_newsletter import SPRING, to_html

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
PAGES, COPIES = 200, 90
"""So many copies of the newsletter fill a little more than so many pages."""

MOST_SECONDS, MOST_MB = 15, 200

READERS = {
    "PDFium's plain text": (
        "document = pypdfium2.PdfDocument(body);"
        "text = ''.join(document[page].get_textpage().get_text_range() for page in range(len(document)))"
    ),
    "Rizhi": "text = ''.join(block.text for block in read_pdf(body).blocks)",
}
MEASURE = """
import re, sys, time
from pathlib import Path
import pypdfium2
from content.reading.pdf import read_pdf
body = Path(sys.argv[1]).read_bytes()
started = time.process_time()
{work}
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(time.process_time() - started, int(peak[1]) / 1024, len(text))
"""


def show(line: str) -> None:
    print(line)  # noqa: T201  # the table is what this is run for


def two_hundred_pages() -> bytes:
    """Return a PDF of 200 pages of A4, some 650 characters on each."""
    inside = to_html(SPRING).partition("<body>")[2].partition("</body>")[0]
    html = to_html(SPRING).replace(inside, inside * COPIES)
    return by_weasyprint(
        styled(html, PAGE + "@page{size:A4;margin:2.5cm}body{font-size:12pt;line-height:1.8}")
    )


def test_two_hundred_pages_are_read_in_time_and_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(two_hundred_pages())
    pages = len(pypdfium2.PdfDocument(path))
    assert pages >= PAGES
    show(f"\n{pages} pages            seconds   MB at the peak   characters")
    for name, work in READERS.items():
        command = [sys.executable, "-c", MEASURE.format(work=work), str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        seconds, megabytes, characters = map(float, done.stdout.split())
        show(f"{name:22}{seconds:8.1f}{megabytes:14.0f}{characters:16.0f}")
    assert seconds <= MOST_SECONDS
    assert megabytes <= MOST_MB
