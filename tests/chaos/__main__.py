"""The long form: python -m tests.chaos --kills 200 --subscribers 10000"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from tests.chaos.storm import Storm, attempts, run_storm


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--subscribers", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--severity", default=1.0, show_default=True, help="How bad the weather is.")
@click.option("--seconds", default=3600.0, show_default=True, help="When to give up.")
@click.option("--url", help="The database; an SQLite file of its own where none is named.")
def main(kills: int, subscribers: int, seed: int, severity: float, seconds: float, url: str | None) -> None:
    """Kill `rizhi run` again and again while it pushes, and count what came."""
    with tempfile.TemporaryDirectory(prefix="rizhi-chaos-") as folder:
        path = Path(folder)
        storm = Storm(path, url or f"sqlite:///{path / 'rizhi.db'}", subscribers, seed, severity)
        try:
            verdict = run_storm(storm, kills, seconds)
            click.echo((path / "log").read_text(), err=True)
            for name, value in vars(verdict).items():
                click.echo(f"{name}: {value}")
            click.echo(f"attempts: {dict(attempts(storm))}")
            raise SystemExit(bool(verdict.lost or verdict.extra))
        finally:
            storm.close()


if __name__ == "__main__":
    main()
