"""Whatever is pushed is rendered in its target's language."""

from __future__ import annotations

import pytest

from bot.digest import Finished
from bot.render.content import render_content
from bot.render.digest import render_digest
from bot.render.pausing import render_finished
from tests.bot.render.made import EN, SUBSCRIPTION, ZH, make_digest


def test_a_row_becomes_a_digest_or_the_notice_of_the_end() -> None:
    end = Finished(SUBSCRIPTION, 70)

    assert render_content(make_digest(), "zh-Hans") == render_digest(make_digest(), ZH)
    assert render_content(end, "en") == render_finished(end, EN)


def test_a_language_that_is_not_spoken_is_an_error() -> None:
    with pytest.raises(ValueError, match="tuple"):
        render_content(make_digest(), "fr")
