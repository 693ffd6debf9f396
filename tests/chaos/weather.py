"""Bad weather for the local Bot API server: which call goes wrong, and how, is drawn from a seed."""

from __future__ import annotations

from random import Random

from bot.demo import faults
from bot.demo.faults import Fault, Faults

SENDS = ("sendmessage", "editmessagereplymarkup")
"""The calls that suffer, in small letters."""
NETWORK = (0.03, 0.12)
"""Seconds that a call takes to arrive; it arrives also where its sender is dead by then."""


class Weather(Faults):
    """Faults drawn by chance; `severity` 1 is what was measured to be far harsher than life."""

    def __init__(self, seed: int, severity: float = 1.0) -> None:
        super().__init__()
        self._random = Random(seed)
        self._chances = {name: chance * severity for name, chance in CHANCES.items()}
        self.happened: dict[str, int] = dict.fromkeys(CHANCES, 0)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return what shall befall this call; most only take their time."""
        if method.lower() not in SENDS:
            return None
        drawn = self._random.random()
        for name, chance in self._chances.items():
            drawn -= chance
            if drawn < 0:
                self.happened[name] += 1
                return FAULTS[name]
        return faults.slow(self._random.uniform(*NETWORK))


CHANCES = {
    "429": 0.01,
    "500": 0.005,
    "502 before": 0.0025,
    "502 after": 0.0025,
    "drop before": 0.005,
    "drop after": 0.005,
    "slow": 0.005,
    "answered late": 0.005,
}
FAULTS = {
    "429": faults.flood(1),
    "500": faults.refuse(500, "Internal Server Error"),
    "502 before": faults.bad_gateway(),
    "502 after": faults.bad_gateway(after=True),
    "drop before": faults.drop(),
    "drop after": faults.drop_after(),
    "slow": faults.slow(0.8),
    "answered late": faults.hang_after(0.8),
}
