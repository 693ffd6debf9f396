"""Counters and histograms of this process, and how they are written for Prometheus. No chat is a label."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Bounds for what should take well under a second."""
LATENESS = (1, 2, 5, 10, 30, 60, 300, 900, 3600)
"""Bounds for how late a digest is: past the last one, something is wrong."""
Labels = Mapping[str, str]


def line(name: str, value: float, labels: Labels | None = None) -> str:
    """Return one line of the text format, version 0.0.4."""
    inner = ",".join(f'{key}="{escape(text)}"' for key, text in (labels or {}).items())
    return f"{name}{{{inner}}} {value:.15g}" if inner else f"{name} {value:.15g}"


def escape(text: str) -> str:
    """Return a label's value as the text format wants it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def head(name: str, kind: str, about: str) -> Iterator[str]:
    """Yield the two lines above a metric."""
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


@dataclass
class Gauge:
    """What is so at the moment: values by their labels."""

    name: str
    about: str
    values: Sequence[tuple[Labels, float]]

    def lines(self) -> Iterator[str]:
        """Yield the metric's lines."""
        yield from head(self.name, "gauge", self.about)
        yield from (line(self.name, value, labels) for labels, value in self.values)


class Counter:
    """What has happened since the process started, by labels."""

    def __init__(self, name: str, about: str, *labels: str) -> None:
        self.name = name
        self.about = about
        self._labels = labels
        self._values: dict[tuple[str, ...], float] = {} if labels else {(): 0}

    def add(self, *labels: str, by: float = 1) -> None:
        """Count what happened, `by` as much."""
        self._values[labels] = self.value(*labels) + by

    def value(self, *labels: str) -> float:
        """Return how much it was so far."""
        return self._values.get(labels, 0)

    def lines(self) -> Iterator[str]:
        """Yield the metric's lines."""
        yield from head(self.name, "counter", self.about)
        for texts, value in sorted(self._values.items()):
            yield line(self.name, value, dict(zip(self._labels, texts, strict=True)))


class Histogram:
    """How long things took since the process started."""

    def __init__(self, name: str, about: str, bounds: Sequence[float] = SECONDS) -> None:
        self.name = name
        self.about = about
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Take one in; what came before its time counts as 0 seconds."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += max(seconds, 0.0)

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Take in how long the block takes, whether or not it fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.observe(time.perf_counter() - began)

    def lines(self) -> Iterator[str]:
        """Yield the metric's lines."""
        yield from head(self.name, "histogram", self.about)
        total = 0
        for bound, number in zip([*self._bounds, "+Inf"], self._counts, strict=True):
            total += number
            yield line(f"{self.name}_bucket", total, {"le": str(bound)})
        yield line(f"{self.name}_sum", self._sum)
        yield line(f"{self.name}_count", total)


class Metrics:
    """What this process counts about itself."""

    def __init__(self) -> None:
        self.requests = Counter("rizhi_telegram_requests_total", "Requests to the Bot API.", "method", "code")
        self.request_seconds = Histogram(
            "rizhi_telegram_request_seconds", "How long requests to the Bot API took, polling left out."
        )
        self.flood_wait = Counter(
            "rizhi_flood_wait_seconds_total", "Seconds that Telegram told the bot to wait (429)."
        )
        self.tick_seconds = Histogram("rizhi_tick_duration_seconds", "How long a look for due work took.")
        self.search_seconds = Histogram("rizhi_search_seconds", "How long searches took.")
        self.ticked_at: float | None = None
        """When a tick last found out what is due, by `Clock.seconds`; None before the first."""
        self.looked_at: float | None = None
        """When the last tick ended, whether it found that out or not."""

    def all(self) -> tuple[Counter | Histogram, ...]:
        """Return the metrics that this process counts."""
        return self.requests, self.request_seconds, self.flood_wait, self.tick_seconds, self.search_seconds


def write(metrics: Sequence[Gauge | Counter | Histogram]) -> str:
    """Return the metrics in the text format."""
    return "".join(f"{text}\n" for metric in metrics for text in metric.lines())
