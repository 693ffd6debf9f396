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
from bot.render.values import NewVersion, PlanOffer, Refused, Rehearsal, Sample, TakenIn
from content.reading import Doubt
from tests.bot.render.made import EN, HOSTILE, assert_sendable

REPORT = Rehearsal(
    upload_id=3,
    name="river.txt",
    encoding="gb18030",
    titles=("The lock", "The ferry"),
    articles=2,
    passages=5,
    doubts=(),
    doubtful=0,
    samples=(Sample("Who keeps the lock", "The keeper writes the level down each morning."),),
)
TAKEN = TakenIn(7, "river.txt", 2, 1, PlanOffer(4, "Library", 9), "imported")
VERSION = NewVersion("notes/river.txt", added=1, removed=0, changed=2, kept=3, homeless=1)


def test_a_document_without_doubts() -> None:
    text = assert_sendable(render_rehearsal(REPORT, EN))

    assert text.startswith(
        "📄 river.txt\n2 articles · 5 passages · GB18030\n\n"
        "· “The lock”\n· “The ferry”\n\n"
        "Nothing is in doubt.\n\n"
        "A passage to judge by\n"
        "Who keeps the lock\nThe keeper writes the level down each morning.\n\n"
        "It is not in the library yet"
    )


def test_the_places_in_doubt_are_shown_with_their_reason_and_the_rest_is_counted() -> None:
    doubts = (Doubt("no_title", 4, "The level on Monday"), Doubt("page_without_text", 9, ""))
    report = replace(REPORT, articles=9, doubts=doubts, doubtful=5)
    text = assert_sendable(render_rehearsal(report, EN))

    assert "“The ferry”\n… and 7 more\n\n" in text
    assert (
        "⚠ 5 places in doubt\n"
        "· line 4: no title was found for this article\n   “The level on Monday”\n"
        "· line 9: a page without text: is it a picture?\n"
        "… and 3 more\n\n" in text
    )


def test_a_new_version_says_of_what_and_what_it_changes() -> None:
    message = render_rehearsal(replace(REPORT, version=VERSION), EN)

    assert (
        "GB18030\n\n🔁 A new version of notes/river.txt\n1 article new · 2 changed\n"
        "3 corrections are kept\n⚠ 1 correction finds no place\nReaders keep their places\n\n· “The lock”"
    ) in assert_sendable(message)
    assert [button.label for button in message.buttons[0]] == ["🔁 Update", "🗑 Cancel"]


def test_a_new_version_in_which_nothing_is_new_says_so() -> None:
    version = NewVersion("river.txt", added=0, removed=0, changed=0, kept=0, homeless=0)
    text = assert_sendable(render_rehearsal(replace(REPORT, version=version), EN))

    assert "🔁 A new version of river.txt\nNo article is changed\nReaders keep their places\n" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_file_holds_and_is_called_it_can_be_shown(language: Language) -> None:
    texts, long = Texts(language), HOSTILE * 40
    samples = (Sample(long, long),) * 3
    report = replace(REPORT, name=long, titles=(long,) * 5, articles=9, samples=samples)
    doubts = (Doubt("no_title", 4, long),) * 6
    report = replace(report, doubts=doubts, doubtful=9, version=replace(VERSION, name=long))
    taken = replace(TAKEN, name=long, plan=PlanOffer(4, long, 9), status="duplicate")
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
        [button.label for button in render_taken_in(TAKEN, "rizhi_bot", at, EN).buttons[1]]
        for at in (None, 450)
    ]

    assert labels == [["📖 Today's passage", "📤 Share"], ["✅ Every day at 07:30", "📤 Share"]]
