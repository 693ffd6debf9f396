"""`rizhi run` or `web` with shorter waits, as often as asked for: a line on standard input starts one more.

What takes seconds to import is imported once, and each start is a fork: a process of its own that does all
that `rizhi run` does. Its number is written to standard output.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import Any, cast

import bot.delivery.pace as pace
import bot.schedule.claim as claim

RATE = 60
"""Messages a second: enough for many kills, and less than a busy machine can do."""


def hurry() -> None:
    """Shorten what is waited for. The rest of the program is imported after it, and takes it from there."""
    claim.LEASE = dt.timedelta(seconds=20)
    claim.GRACE = dt.timedelta(seconds=1)
    pace_module: Any = pace
    pace_module.MOST_PER_SECOND = RATE * 6 / 5
    pace_module.CHAT_SECONDS = 0.05
    import bot.delivery.budget as budget  # these take the values above when they are imported

    build, budget_module = budget.build_budget, cast(Any, budget)
    budget_module.build_budget = lambda settings, *rest: build(
        settings.model_copy(update={"send_rate": RATE}), *rest
    )
    import bot.app as app
    import bot.delivery.doubt as doubt
    import bot.delivery.reconcile as reconcile

    reconcile_module: Any = reconcile
    reconcile_module.ASK_AGAIN_SECONDS = 1.0
    doubt.TAKEN = dt.timedelta(seconds=20)
    app_module: Any = app
    app_module.TICK_SECONDS = 0.2
    app_module.RECONCILE_SECONDS = 0.5


def serve() -> None:
    """Fork a process for each line that comes, until there are no more."""
    hurry()
    import bot.web.serving
    from bot.cli import main

    assert bot.web.serving  # imported once

    sys.argv = ["rizhi", *sys.argv[1:]]
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            os.close(0)
            main()
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
