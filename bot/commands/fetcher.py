"""What commands that go to the web share."""

from __future__ import annotations

import click

from bot.fetching import Fetcher

pass_fetcher = click.make_pass_decorator(Fetcher, ensure=True)
"""Gives a command the `Fetcher` of the context around `rizhi`: tests make one, which reaches their own
servers. Where there is none, as there is when a person runs `rizhi`, it is one for the public internet."""
