"""A check of the feeds: whether each could be read the last time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.checks import Finding
from bot.commands import count, untouched
from bot.feeds.models import Feed
from bot.feeds.store import all_feeds
from bot.schema import is_current, schema_version
from bot.settings import Settings
from bot.web_names import show_url

GONE = "Remove it: rizhi feed remove {url}"
ANEW = "Mend that and poll it: rizhi feed poll {url}. It is tried again by itself, at the latest after a day."


def check_feeds(settings: Settings) -> Finding:
    """Look at what went wrong with the feeds when they were polled last."""
    try:
        with untouched(settings) as database:
            feeds, troubled = database.run_read(count_feeds)
    except Exception:
        return Finding(True, "The feeds cannot be looked at yet.")
    if troubled is None:
        return Finding(True, f"{count(feeds, 'feed')} polled, none in trouble.")
    url = show_url(troubled.url)
    remedy = (ANEW if troubled.next_at else GONE).format(url=url)
    return Finding(False, f"The feed {url} could not be read: {troubled.error}", remedy)


def count_feeds(session: Session) -> tuple[int, Feed | None]:
    """Return how many feeds are polled, and the one that has been in trouble the longest, if any is."""
    if not is_current(schema_version(session)):
        return 0, None
    feeds = all_feeds(session)
    troubled = sorted((feed for feed in feeds if feed.error), key=lambda feed: -feed.failures)
    return len(feeds), troubled[0] if troubled else None
