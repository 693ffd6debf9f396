"""The bot: a thin asynchronous edge around `content`, and all that concerns people and their days."""
