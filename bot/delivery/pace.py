"""The rules of the pace: when the next message may go, over all and to one chat. Knows no database.

All of them are of one kind: each message moves a point in time (`tat`, “theoretical arrival time” in the
literature on GCRA) by the distance that it needs; the next one has to wait for that point, less what it may
run ahead of it. One number for each chat is all that must be kept, or shared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

MOST_PER_SECOND = 30
"""Messages a second to all chats: core.telegram.org/bots/faq speaks of “about 30”."""
FASTEST = 29.6
"""What a `SEND_RATE` of 30 comes to: what leaves 33 ms late, the most that a permit allows, and arrives after
some 10 ms more, is still no 32nd in any second."""
SHARE_OF_ANSWERS = 0.6
"""How much of what `SEND_RATE` leaves of them answers may run ahead by. By the rest, and one slot, a permit
may be used late, as on a busy machine. With both, no second sees more than 31."""
CHAT_SECONDS = 1.0
"""Least distance of two pushes to one chat, and of answers in the long run: the same place."""
CHAT_BURST = 10
"""Answers to one chat that may go at once. Telegram lets “short bursts” pass without saying how short. Edits
and new messages count together, and a bot that only acts when its user does can hardly exceed what is
allowed, says who wrote the server (github.com/tdlib/td/issues/3034); bots that edit twice a second by
themselves are refused after some seconds, for two minutes. A reader who turns three pages a second gets to
the twelfth before he feels anything, and an answer a second from there on."""
GROUP_SECONDS, GROUP_BURST = 6.0, 10
"""Messages to one group: so many at once, then at this distance. That makes no more than the 20 in any minute
that Telegram names, and nobody waits for most of a minute, as after twenty at once he would."""
BOOKED_SECONDS = 0.2
"""How far ahead pushes that take several slots at a time may book the pace: whoever pushes has so long to
book on."""
PATIENCE = 10.0
"""Seconds that an answer waits for its permit; it holds up no one."""
ALARM_SECONDS = 10.0
"""Two chats that are told to wait within this time mean that the whole bot is."""
ALONE_SECONDS = 60.0
"""For how long at most one chat's word is taken for all: one chat has been seen to wait for twelve hours."""
LONG_AGO = float("-inf")


@dataclass(frozen=True)
class Lane:
    """Who asks: pushes keep the pace, answers may run ahead of it."""

    horizon: float
    """Seconds from now in which the slot must begin."""
    early: float
    """Seconds before its slot that the permit may be used."""
    chat_ahead: float
    """Seconds by which messages to one chat may run ahead of their distance."""


def push_lane(rate: float, block: int) -> Lane:
    """Return the lane of pushes that take `block` slots at a time.

    Slots taken one by one are booked no further ahead than an answer may run: it waits for none of them.
    """
    booked = BOOKED_SECONDS if block > 1 else answer_lane(rate).early
    return Lane(max(1 / rate, booked - block / rate), early=0.0, chat_ahead=0.0)


def answer_lane(rate: float) -> Lane:
    """Return the lane of answers."""
    early = SHARE_OF_ANSWERS * (MOST_PER_SECOND - rate) / rate
    return Lane(PATIENCE, early, (CHAT_BURST - 1) * CHAT_SECONDS)


def slot_seconds(rate: float) -> float:
    """Return the distance of two messages at so many a second."""
    return 1 / min(rate, FASTEST)


def tolerance_at(rate: float) -> float:
    """Return by how many seconds a permit may be used late."""
    return (1 + (1 - SHARE_OF_ANSWERS) * (MOST_PER_SECOND - rate)) / rate


@dataclass(frozen=True)
class Permit:
    """May a message go?"""

    is_granted: bool
    at: float
    """When, by the clock of the process; where it is not granted, when to ask again."""


@dataclass(frozen=True)
class Taken:
    """What was granted and refused, by chat."""

    permits: dict[int, Permit]
    again_at: float
    """Before that pushes need not ask."""
    paused_until: float
    """Until then Telegram told the whole bot to wait; past where it did not."""


@dataclass(frozen=True)
class Told:
    """What follows from a 429."""

    already: float
    """Seconds that the chat had to wait before this was said; 0 or less where it had not."""
    paused_until: float
    """Until then nothing is sent to anybody; past where only the chat waits."""


class Pace(Protocol):
    """Keeps the points in time. Chats are known by id; negative ids are groups and channels."""

    block: int
    """Permits that pushes take at a time."""
    tolerance: float
    """Seconds by which a permit may be used late."""

    @property
    def is_paid(self) -> bool:
        """Whether pushes may be sent as a paid broadcast at the moment."""
        ...

    async def take(self, chats: Sequence[int], *, interactive: bool) -> Taken:
        """Take permits for one message to each of these chats, none of which is named twice."""
        ...

    async def told_to_wait(self, chat_id: int, seconds: float) -> Told:
        """Let the chat wait for so long, and all chats where that is what it means."""
        ...


@dataclass(frozen=True)
class ChatPace:
    """How far the messages to one chat have come."""

    tat: float = LONG_AGO
    minute_tat: float = LONG_AGO
    parked_until: float = LONG_AGO

    def free_at(self, chat_id: int, lane: Lane) -> float:
        """Return from when on the chat may get another message."""
        minute = self.minute_tat - (GROUP_BURST - 1) * GROUP_SECONDS if chat_id < 0 else LONG_AGO
        return max(self.tat - lane.chat_ahead, minute, self.parked_until)

    def after(self, moment: float) -> ChatPace:
        """Return how far they have come with one more, sent at that moment."""
        return replace(
            self,
            tat=max(self.tat, moment) + CHAT_SECONDS,
            minute_tat=max(self.minute_tat, moment) + GROUP_SECONDS,
        )


@dataclass(frozen=True)
class Alarm:
    """A 429: which chat, when, and until when it has to wait."""

    chat_id: int
    at: float
    until: float


def pause_until(last: Alarm | None, new: Alarm, *, was_paced: bool) -> float:
    """Return until when all have to wait for what the chat was told; `LONG_AGO` where only it has to.

    Two chats at a time mean all, for as long as both have to wait: a group that is shut out for hours does
    not silence the rest with another's seconds. So does one that kept its pace, and cannot be meant itself:
    a private chat, as groups have limits of their own.
    """
    if last is not None and last.chat_id != new.chat_id and new.at - last.at <= ALARM_SECONDS:
        return min(last.until, new.until)
    if was_paced and new.chat_id > 0:
        return min(new.until, new.at + ALONE_SECONDS)
    return LONG_AGO


class LocalPace:
    """The pace of the only process that sends: kept in memory."""

    block = 1
    is_paid = False

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self.tolerance = tolerance_at(rate)
        self._slot = slot_seconds(rate)
        self._clock = clock
        self._push, self._answer = push_lane(rate, self.block), answer_lane(rate)
        self._tat = LONG_AGO
        self._paused_until = LONG_AGO
        self._chats: dict[int, ChatPace] = {}
        self._alarm: Alarm | None = None
        self._forgot = clock()

    async def take(self, chats: Sequence[int], *, interactive: bool) -> Taken:
        """Take permits, as `Pace` says."""
        now, lane = self._clock(), self._answer if interactive else self._push
        self._forget(now)
        permits = {chat_id: self._permit(chat_id, lane, now) for chat_id in chats}
        return Taken(permits, self._tat - self._push.horizon, self._paused_until)

    async def told_to_wait(self, chat_id: int, seconds: float) -> Told:
        """Let the chat wait, as `Pace` says."""
        now = self._clock()
        chat, alarm = self._chats.get(chat_id, ChatPace()), Alarm(chat_id, now, now + seconds)
        was_paced = chat.tat - now <= CHAT_SECONDS
        self._paused_until = max(self._paused_until, pause_until(self._alarm, alarm, was_paced=was_paced))
        self._alarm = alarm
        self._chats[chat_id] = replace(chat, parked_until=max(chat.parked_until, alarm.until))
        return Told(chat.parked_until - now, self._paused_until)

    def _permit(self, chat_id: int, lane: Lane, now: float) -> Permit:
        chat = self._chats.get(chat_id, ChatPace())
        moment = max(now, self._tat - lane.early)
        first, free = max(self._tat - lane.horizon, self._paused_until), chat.free_at(chat_id, lane)
        if first > now or free > moment:
            return Permit(False, max(first, free))
        self._tat = max(self._tat, now) + self._slot
        self._chats[chat_id] = chat.after(moment)
        return Permit(True, moment)

    def _forget(self, now: float) -> None:
        """Forget once a minute what holds up nothing any more."""
        if now - self._forgot >= 60:
            self._forgot = now
            self._chats = {
                chat_id: chat
                for chat_id, chat in self._chats.items()
                if max(chat.tat, chat.minute_tat, chat.parked_until) > now
            }
