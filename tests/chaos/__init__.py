"""Chaos: the bot is killed again and again while it pushes; the local Bot API server is the judge."""
