"""The report for admins: what was sent, to how many, and what went wrong."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.render.markup import Html, join, shorten
from bot.render.message import Message
from bot.render.texts import Texts
from bot.render.values import Report, Traffic, Trouble

REASON_UNITS = 40
UNSENT = ("failed", "unknown", "expired", "skipped", "pending")
UNDER_WAY = ("pending", "claimed", "sending")
TIMES = (("hours", 3600), ("minutes", 60), ("seconds", 1))


def render_report(report: Report, texts: Texts) -> Message:
    """Return the report; its times are those of the admin's clocks."""
    documents, passages = (
        texts("count.documents", n=report.documents),
        texts("count.passages", n=report.passages),
    )
    readers = texts.html("report.readers", active=report.active, paused=report.paused, blocked=report.blocked)
    parts = [
        join(" · ", [texts.html("report.head"), report.version]),
        join("\n", [texts.html("report.day"), _traffic(report.day, texts)]),
        join("\n", [texts.html("report.week"), _traffic(report.week, texts)]),
        join("\n", [readers, f"📚 {documents} · {passages}", _paid(report.paid_stars, texts)]),
        _legend(report, texts),
        _troubles(report, texts),
    ]
    return Message(join("\n\n", parts))


def render_daily(report: Report, texts: Texts) -> Message:
    """Return the report as it comes by itself, with how to have it otherwise."""
    return Message(join("\n\n", [render_report(report, texts).text, texts.html("report.daily")]))


def duration(seconds: float, texts: Texts) -> str:
    """Return a span of time in its largest unit, e.g. “1.2 s” or “35 min”."""
    unit, length = next((time for time in TIMES if seconds >= time[1]), TIMES[-1])
    number = seconds / length
    return texts(f"duration.{unit}", number=f"{number:.0f}" if number >= 10 else f"{number:.1f}")


def _paid(stars: float, texts: Texts) -> Html:
    return texts.html("report.paid", stars=f"{stars:.1f}") if stars else Html()


def _traffic(traffic: Traffic, texts: Texts) -> Html:
    if not any(traffic.states.values()):
        return texts.html("report.nothing")
    sent = texts.html("report.sent", n=traffic.states.get("sent", 0))
    late = texts.html("report.late", n=traffic.late) if traffic.late else ""
    others = [
        texts.html("report.count", state=texts(f"report.state.{state}"), n=number)
        for state, number in _unsent(traffic).items()
    ]
    return join("\n", [sent, late, *others, _lateness(traffic, texts)])


def _unsent(traffic: Traffic) -> dict[str, int]:
    """Return how many are in each of the other states that there are, those under way as one."""
    counts = {state: traffic.states.get(state, 0) for state in UNSENT}
    counts["pending"] = sum(traffic.states.get(state, 0) for state in UNDER_WAY)
    return {state: number for state, number in counts.items() if number}


def _legend(report: Report, texts: Texts) -> Html:
    """Return what the words for what was not sent mean, and what to do about it."""
    met = {**_unsent(report.day), **_unsent(report.week)}
    lines = [texts.html(f"report.means.{state}") for state in met]
    return join("\n", [texts.html("report.legend"), *lines]) if lines else Html()


def _lateness(traffic: Traffic, texts: Texts) -> Html:
    if traffic.median_seconds is None or traffic.most_seconds is None:
        return Html()
    middle, most = duration(traffic.median_seconds, texts), duration(traffic.most_seconds, texts)
    return texts.html("report.lateness", median=middle, most=most)


def _troubles(report: Report, texts: Texts) -> Html:
    if not report.troubles:
        return Html()
    lines = [_trouble(trouble, report.zone, texts) for trouble in report.troubles]
    return join("\n", [texts.html("report.troubles"), *lines])


def _trouble(trouble: Trouble, zone: str, texts: Texts) -> Html:
    state = "pending" if trouble.state in UNDER_WAY else trouble.state
    return texts.html(
        "report.trouble",
        time=f"{trouble.at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}",
        state=texts(f"report.state.{state}"),
        reason=shorten(trouble.reason, REASON_UNITS),
    )
