"""Documents sent in the chat, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.upload import (
    render_importing,
    render_not_imported,
    render_refused,
    render_rehearsal,
    render_taken_in,
    render_upload_notice,
)
from bot.render.values import PlanOffer, Refused, Rehearsal, Sample, TakenIn
from tests.bot.render.made import EN, HOSTILE, assert_sendable

REPORT = Rehearsal(
    upload_id=3,
    name="river.txt",
    encoding="gb18030",
    titles=("The lock", "The ferry"),
    articles=2,
    passages=5,
    undated=0,
    unsourced=0,
    untitled=0,
    short=0,
    long=0,
    samples=(Sample("Who keeps the lock", "The keeper writes the level down each morning."),),
)
TAKEN = TakenIn("river.txt", 2, 1, PlanOffer(4, "Library", 9), is_new=True)


def test_a_document_without_doubts() -> None:
    text = assert_sendable(render_rehearsal(REPORT, EN))

    assert text.startswith(
        "📄 river.txt\n2 articles · 5 passages · GB18030\n\n"
        "· “The lock”\n· “The ferry”\n\n"
        "Titles, dates, sources and lengths look right.\n\n"
        "A passage to judge by\n"
        "Who keeps the lock\nThe keeper writes the level down each morning.\n\n"
        "It is not in the library yet"
    )


def test_every_doubt_is_counted_and_what_is_not_named_as_well() -> None:
    report = replace(REPORT, articles=9, undated=9, unsourced=1, untitled=2, short=1, long=3)
    text = assert_sendable(render_rehearsal(report, EN))

    assert "“The ferry”\n… and 7 more\n\n" in text
    assert (
        "· 2 articles without a title: they go by the file's name\n"
        "· 9 articles without a date\n"
        "· 1 article without a source\n"
        "· 1 passage is rather short\n"
        "· 3 passages are rather long\n" in text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_file_holds_and_is_called_it_can_be_shown(language: Language) -> None:
    texts, long = Texts(language), HOSTILE * 40
    samples = (Sample(long, long),) * 3
    report = replace(REPORT, name=long, titles=(long,) * 5, articles=9, samples=samples)
    taken = replace(TAKEN, name=long, plan=PlanOffer(4, long, 9), is_new=False)
    for message in (
        render_rehearsal(report, texts),
        render_importing(3, long, texts),
        render_not_imported(3, texts),
        render_taken_in(taken, "rizhi_bot", None, texts),
        render_refused(Refused("error.document.format", {"suffix": long}), texts),
        render_upload_notice("upload.duplicate", long, texts, known=long[:500], collection=long[:200]),
    ):
        assert "\u202e" not in assert_sendable(message)


def test_the_way_on_is_todays_passage_for_who_has_the_plan_and_a_subscription_for_who_has_not() -> None:
    labels = [
        [button.label for button in render_taken_in(TAKEN, "rizhi_bot", at, EN).buttons[0]]
        for at in (None, 450)
    ]

    assert labels == [["📖 Today's passage", "📤 Share"], ["✅ Every day at 07:30", "📤 Share"]]
