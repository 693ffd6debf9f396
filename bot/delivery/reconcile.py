"""Reconciling: what became of a message in doubt is looked up in the chat itself, or decided by policy.

The probe: to give a message the keyboard that it has changes nothing, and Telegram's refusal says whether it
is there. A digest's keyboard carries its number, so that no other message has the same one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.attempts import Conformance
from bot.clock import Clock
from bot.database import Database
from bot.delivery.attempts import forget_attempts
from bot.delivery.budget import Budget
from bot.delivery.doubt import (
    Absent,
    Closed,
    Doubt,
    Found,
    Later,
    Policy,
    Undecided,
    Verdict,
    has_doubts,
    settle_doubt,
    take_doubts,
)
from bot.delivery.outcomes import Blocked, Retry, classify
from bot.delivery.pace import CHAT_SECONDS, GROUP_SECONDS
from bot.delivery.send import POOL_TIMEOUT, READ_TIMEOUT, keyboard
from bot.digest import Digest, Finished
from bot.render.message import Message

log = logging.getLogger(__name__)

AT_A_TIME = 8
"""Rows that are looked after at a time; each chat is asked once a second at most."""
TRIES = 4
"""How often a number is asked for until an answer comes; then again after `ASK_AGAIN_SECONDS`."""
LONGEST_WAIT = GROUP_SECONDS + CHAT_SECONDS
"""Seconds that a probe waits for the one before it: who gave up would begin with the first number again."""
ASK_AGAIN_SECONDS = 60.0
FORGET_SECONDS = 86_400.0
"""How often old attempts are deleted."""
UNCHANGED = "message is not modified"
NOT_IT = ("message to edit not found", "message_id_invalid", "message can't be edited")
"""Parts of the answer where no message of ours has that number in that chat."""


class Reconciler:
    """Settles the rows of the ledger that are in doubt."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        clock: Clock,
        budget: Budget,
        render: Callable[[Digest | Finished, str], Message],
        policy: Policy,
        *,
        is_local: bool,
    ) -> None:
        self._database = database
        self._bot = bot
        self._clock = clock
        self._budget = budget
        self._render = render
        self._policy: Policy = policy
        self._is_local = is_local
        """The Bot API is on this machine: it may be probed without a check."""
        self._lock = asyncio.Lock()
        self._forgot: float | None = None

    async def tick(self) -> None:
        """Settle what can be settled now. One at a time; a second one returns at once."""
        if self._lock.locked() or self._budget.is_paused:
            return
        async with self._lock:
            await self._forget()
            now = self._clock.now()
            if not await self._database.read(lambda session: has_doubts(session, now)):
                return
            doubts = await self._database.write(lambda session: take_doubts(session, now, AT_A_TIME))
            is_probing = self._is_local or await self._database.read(self._has_passed)
            await asyncio.gather(*(self._reconcile(doubt, is_probing) for doubt in doubts))

    async def _forget(self) -> None:
        seconds = self._clock.seconds()
        if self._forgot is None or seconds - self._forgot >= FORGET_SECONDS:
            self._forgot, now = seconds, self._clock.now()
            await self._database.write(lambda session: forget_attempts(session, now))

    def _has_passed(self, session: Session) -> bool:
        known = session.get(Conformance, self._bot.id)
        return known is not None and known.passed

    async def _reconcile(self, doubt: Doubt, is_probing: bool) -> None:
        verdict = await self._look(doubt) if is_probing else Undecided()
        now = self._clock.now()
        await self._database.write(lambda session: settle_doubt(session, doubt, verdict, self._policy, now))
        log.info("delivery %s was in doubt: %s", doubt.delivery_id, type(verdict).__name__.lower())

    async def _look(self, doubt: Doubt) -> Verdict:
        markup = self._markup(doubt)
        if markup is None or doubt.candidates is None:
            return Undecided()
        for message_id in doubt.candidates:
            verdict = await self._ask(doubt.chat_id, message_id, markup)
            if not isinstance(verdict, Absent):
                return verdict
        return Absent() if doubt.is_all else Undecided()

    async def _ask(self, chat_id: int, message_id: int, markup: InlineKeyboardMarkup) -> Verdict:
        """Probe for one number; some times where no answer comes, so that one fault does not undo it all."""
        for _ in range(TRIES):
            wait = await self._budget.acquire(chat_id, longest=LONGEST_WAIT)
            if wait > 0:
                return Later(wait)
            verdict = await probe(self._bot, chat_id, message_id, markup)
            if not isinstance(verdict, Later):
                return verdict
            if verdict.seconds > 0:
                await self._budget.told_to_wait(chat_id, verdict.seconds)
        return Later(ASK_AGAIN_SECONDS)

    def _markup(self, doubt: Doubt) -> InlineKeyboardMarkup | None:
        if doubt.content is None:
            return None
        try:
            return keyboard(self._render(doubt.content, doubt.language))
        except Exception as error:
            log.error("delivery %s cannot be rendered", doubt.delivery_id, exc_info=error)
            return None


async def probe(bot: Bot, chat_id: int, message_id: int, markup: InlineKeyboardMarkup) -> Verdict:
    """Return whether the chat has a message of ours with that number: `Found` or `Absent`, or why that
    cannot be told; `Later(0)` where no answer came."""
    try:
        await bot.edit_message_reply_markup(
            chat_id,
            message_id,
            reply_markup=markup,
            read_timeout=READ_TIMEOUT,
            pool_timeout=POOL_TIMEOUT,
        )
    except BadRequest as error:
        return _read_refusal(error, message_id)
    except TelegramError as error:
        return _read_failure(error)
    return Found(message_id)


def _read_refusal(error: BadRequest, message_id: int) -> Verdict:
    said = error.message.lower()
    if UNCHANGED in said:
        return Found(message_id)
    if any(part in said for part in NOT_IT):
        return Absent()
    return _read_failure(error)


def _read_failure(error: TelegramError) -> Verdict:
    match classify(error):
        case Blocked(reason):
            return Closed(reason)
        case Retry(after=float(seconds)):
            return Later(seconds)
        case _ if isinstance(error, BadRequest):
            return Undecided()
        case _:
            return Later(0)
