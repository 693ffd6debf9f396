"""The bot's own web server: Telegram's webhook, health, metrics. Imported only by `rizhi web`."""
