"""`python -m bot` is `rizhi`."""

from bot.cli import main

main()
