"""`rizhi run`, `web` or `worker` with shorter waits: each line that comes, command and database, starts one.

What takes seconds to import is imported once, and each start is a fork: a process of its own that does all
that the command does. Its number is written to standard output.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import Any, cast

import bot.database as database
import bot.delivery.pace as pace
import bot.schedule.claim as claim

RATE = 60
"""Messages a second: enough for many kills, and less than a busy machine can do."""


def hurry(lease: float) -> None:
    """Shorten what is waited for. The rest of the program is imported after it, and takes it from there.

    `lease` is in seconds: as long as a process that says nothing keeps what it holds.
    """
    database.LET_GO = database.LET_GO.replace("60s", f"{lease}s")
    claim.LEASE = dt.timedelta(seconds=lease)
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
    import bot.delivery.batches as batches
    import bot.delivery.doubt as doubt
    import bot.delivery.push as push
    import bot.delivery.reconcile as reconcile

    batches.BATCH = 25  # more of them to be killed with
    batches.WAITING = dt.timedelta(seconds=lease)
    push.RENEW_SECONDS = lease / 4

    reconcile_module: Any = reconcile
    reconcile_module.ASK_AGAIN_SECONDS = 1.0
    doubt.TAKEN = dt.timedelta(seconds=lease)
    app_module: Any = app
    app_module.TICK_SECONDS = 0.2
    app_module.RECONCILE_SECONDS = 0.5
    import bot.delivery.queue as queue
    import bot.working as working

    queue.HEARTBEAT_SECONDS, queue.DEAD_SECONDS, queue.LOOK_SECONDS = lease / 20, lease / 4, 0.5
    working_module: Any = working
    working_module.SWEEP_SECONDS = 1


def serve() -> None:
    """Fork a process for each line that comes, until there are no more. Told its lease, in seconds."""
    hurry(float(sys.argv[1]))
    import bot.web.serving
    from bot.cli import main

    assert bot.web.serving  # imported once

    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            os.close(0)
            command, os.environ["DATABASE_URL"] = line.split()
            sys.argv = ["rizhi", command]
            main()
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
