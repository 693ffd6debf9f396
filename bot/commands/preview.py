"""`rizhi preview`."""

import click


@click.command()
def preview() -> None:
    pass
