"""The long forms:

python -m tests.chaos --kills 200 --subscribers 10000
python -m tests.chaos --workers 3 --kills 60 --freezes 8 --cuts 8 --subscribers 5000
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.chaos.storm import Storm, attempts, run_storm
from tests.postgres import empty_database, running_server


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--workers", default=0, help="On a PostgreSQL of its own: so many are killed, not rizhi run.")
@click.option("--freezes", default=0, help="How often a worker is stopped for longer than its leases.")
@click.option("--cuts", default=0, help="How often one is cut off from the database for so long.")
@click.option("--subscribers", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--severity", default=1.0, show_default=True, help="How bad the weather is.")
@click.option("--seconds", default=3600.0, show_default=True, help="When to give up.")
@click.option("--url", help="The database, in the place of a new one.")
def main(
    kills: int,
    workers: int,
    freezes: int,
    cuts: int,
    subscribers: int,
    seed: int,
    severity: float,
    seconds: float,
    url: str | None,
) -> None:
    """Kill the bot again and again while it pushes, and count what came."""
    with tempfile.TemporaryDirectory(prefix="rizhi-chaos-") as folder, made(Path(folder), workers) as new:
        path = Path(folder)
        storm = Storm(path, url or new, subscribers, seed, severity)
        try:
            blows = Counter({"kill": kills, "freeze": freezes, "cut": cuts})
            verdict = run_storm(storm, blows, seconds, workers)
            click.echo((path / "log").read_text(), err=True)
            for name, value in vars(verdict).items():
                click.echo(f"{name}: {value}")
            click.echo(f"attempts: {dict(attempts(storm))}")
            raise SystemExit(bool(verdict.lost or verdict.extra))
        finally:
            storm.close()


@contextmanager
def made(folder: Path, workers: int) -> Iterator[str]:
    """Yield the address of a new database: an SQLite file, or where there are workers on PostgreSQL."""
    if not workers:
        yield f"sqlite:///{folder / 'rizhi.db'}"
        return
    with running_server() as server, empty_database(server) as url:
        yield url


if __name__ == "__main__":
    main()
