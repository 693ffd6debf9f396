"""The processes of a storm, and what befalls them: killed, frozen, or cut off from the database."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from random import Random

from tests.chaos.cable import Cable
from tests.chaos.processes import end, start

BLOWS = ("kill", "freeze", "cut")
LONG = 1.25
"""Leases for which a process is frozen, or cut off."""


@dataclass
class Place:
    """Where one process after the other is, with its cable if it has one."""

    kind: str
    url: str
    number: int
    cable: Cable | None = None
    until: float | None = None
    """Until when it is frozen or cut off, by the monotonic clock, in seconds; None where it is neither."""


class Herd:
    """One `rizhi run` that is struck, or workers that are, beside one that is spared."""

    def __init__(
        self, url: str, starter: subprocess.Popen[str], workers: int, lease: float, random: Random
    ) -> None:
        self._starter, self._lease, self._random = starter, lease, random
        self.spared = [start(starter, "run", url)] if workers else []
        cables = [Cable(url) for _ in range(workers)]
        self._places = [Place("worker", each.url, self._start("worker", each.url), each) for each in cables]
        if not workers:
            self._places = [Place("run", url, self._start("run", url))]
        self.struck = dict.fromkeys(BLOWS, 0)
        """How often which blow fell."""

    @property
    def is_whole(self) -> bool:
        """Whether nobody is frozen or cut off, who might go on with what he was at."""
        return all(place.until is None for place in self._places)

    def strike(self, blows: list[str]) -> None:
        """Let one of the blows fall, and take it off the list: kill one, and start another in its place; or
        freeze one; or cut it off. Only kills fall while no more than one is well."""
        well = [place for place in self._places if place.until is None]
        possible = [blow for blow in blows if blow == "kill" or len(well) > 1]
        if not possible:
            return
        blow, place = possible[0], self._random.choice(well)
        blows.remove(blow)
        if blow == "kill":
            end(place.number)
            place.number = self._start(place.kind, place.url)
        elif blow == "freeze":
            os.kill(place.number, signal.SIGSTOP)
        elif place.cable:
            place.cable.cut()
        place.until = None if blow == "kill" else time.monotonic() + LONG * self._lease
        self.struck[blow] += 1

    def heal(self) -> None:
        """Let go on those whose time has come."""
        for place in self._places:
            if place.until is not None and place.until < time.monotonic():
                os.kill(place.number, signal.SIGCONT)
                if place.cable:
                    place.cable.mend()
                place.until = None

    def end(self) -> None:
        """Kill them all."""
        for number in (*self.spared, *(place.number for place in self._places)):
            end(number)
        for place in self._places:
            if place.cable:
                place.cable.close()

    def _start(self, kind: str, url: str) -> int:
        return start(self._starter, kind, url)
