"""While jieba's dictionary is being loaded, words are cut without it, and nothing is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from content.rough_words import cut_roughly


@given(text=st.text(alphabet="的了什么呢吗是在图书馆 ,", max_size=12))
def test_every_character_is_part_of_a_word_also_of_function_words_alone(text: str) -> None:
    covered = {at for run in re.finditer("[^ ,]+", text) for span in cut_roughly(run) for at in range(*span)}

    assert covered == {at for at, char in enumerate(text) if char not in " ,"}
