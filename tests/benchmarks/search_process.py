"""A process that only searches: prints what its first search takes and what it weighs, as JSON.

Arguments: the database's address, `jieba` or `rjieba`, and a file with a JSON array of queries.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from bot.database import Database
from content.search import Hits, parse_query, search


def resident_megabytes() -> float:
    """Return this process' resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(url: str, cutter: str, path: str) -> None:
    """Search for all, and print the figures. Imports are over, and the database is not open yet."""
    queries: list[str] = json.loads(Path(path).read_text(encoding="utf-8"))
    if cutter == "jieba":
        sys.modules["rjieba"] = None  # type: ignore[assignment]  # as if it were not installed
    began, weight = time.perf_counter(), resident_megabytes()
    database = Database(url)

    def find(typed: str) -> Hits:
        query = parse_query(typed)
        return database.run_read(lambda session: search(session, query, limit=10))

    find(queries[0])
    first = time.perf_counter() - began
    for query in queries[1:]:
        find(query)
    figures = {"first": first, "before": weight, "after": resident_megabytes()}
    sys.stdout.write(json.dumps(figures))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
