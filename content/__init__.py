"""The corpus: documents in, passages, keywords and search results out.

This package knows nothing of Telegram, of subscribers, of the environment or of the clock: it is a
synchronous library whose functions take a session, and sometimes a moment, and never commit.
"""
