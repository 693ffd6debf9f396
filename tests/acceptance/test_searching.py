"""Searching: by command and by plain text, page by page, into a hit and back."""

from __future__ import annotations

from bot.database import Database
from bot.demo.model import Message
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW


def bold(message: Message) -> list[str]:
    """Return the words of a message that stand in bold, as Telegram counts them."""
    units = message.text.encode("utf-16-le")
    spans = [(2 * entity.offset, 2 * entity.stop) for entity in message.entities if entity.type == "bold"]
    return [units[start:stop].decode("utf-16-le") for start, stop in spans]


async def test_a_text_is_searched_for_as_with_the_command_and_matches_stand_in_bold(
    library: Database,
) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        plain = await telegram.ask(ann, "水位尺")
        command = await telegram.ask(ann, "/search 水位尺")
        traditional = await telegram.ask(ann, "警戒線 雨量筒")

    assert plain.text == command.text
    assert plain.text.startswith("🔍 水位尺 · 2 段，1 份文档")
    assert bold(plain)[0] == "水位尺"
    assert bold(plain)[2:4] == ["1", "水位尺"]
    assert {"警戒线", "雨量筒"} <= set(bold(traditional))


async def test_pages_are_turned_and_a_hit_opens_in_its_context_and_leads_back(journal: Database) -> None:
    async with running_bot(journal, NOW) as telegram:
        ann = telegram.reader()
        first = await telegram.ask(ann, "柳树")
        where = await telegram.toast(ann, first, "1 / 3")
        second = await telegram.tap(ann, first, "›")
        third = await telegram.tap(ann, second, "›")
        hit = await telegram.tap(ann, third, "12")
        back = await telegram.tap(ann, hit, "↩ 返回结果")

    assert first.text.startswith("🔍 柳树 · 12 段，1 份文档")
    assert where == "第 1 页，共 3 页"
    assert [[button.label for button in row] for row in second.buttons] == [
        ["6", "7", "8", "9", "10"],
        ["‹", "2 / 3", "›"],
        ["📅 按年份"],
        ["🕘 新的在前", "⭐ 保存"],
    ]
    assert [[button.label for button in row] for row in third.buttons[:2]] == [["11", "12"], ["‹", "3 / 3"]]
    assert hit.text.startswith("《巡河日记")
    assert "柳树" in bold(hit)
    assert back.text == third.text


async def test_a_hit_leads_to_its_neighbours_with_the_matches_still_marked(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "雨量筒")
        last = await telegram.tap(ann, found, "1")
        previous = await telegram.tap(ann, last, "‹ 上一段")
        back = await telegram.tap(ann, previous, "↩ 返回结果")

    assert "雨量筒" in bold(last)
    assert "雨量筒" in bold(previous)
    assert "站长带大家看" in previous.text
    assert back.text == found.text


ANSWERS = {
    "/search": "想找什么？",
    "鲸鱼跳出海面": "没有找到 鲸鱼跳出海面。",
    "，。！": "这里没有能搜的词",
    'NEAR(a b) "': "没有找到 NEAR(a b)。",
    "* OR ^x:y --": "没有找到",
}


async def test_what_finds_nothing_gets_a_clear_answer(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        answers = {asked: (await telegram.ask(telegram.reader(), asked)).text for asked in ANSWERS}

    for asked, answer in ANSWERS.items():
        assert answers[asked].startswith(answer)


async def test_of_a_query_of_4096_characters_the_first_256_are_used_and_it_says_so(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        answered = await telegram.ask(telegram.reader(), "水位尺" + "很长的话" * 1023)

    assert "搜索词太长，只用了前 256 个字。" in answered.text
    assert "水位尺" in answered.text


async def test_the_pages_of_somebody_elses_search_are_refused_by_his_name(journal: Database) -> None:
    async with running_bot(journal, NOW) as telegram:
        ann, bob = telegram.reader("安"), telegram.reader("博")
        group = telegram.api.group("读书会", [ann, bob])
        found = await telegram.ask(ann, "/search@rizhi_bot 柳树", group)
        refused = await telegram.toast(bob, found, "›")
        turned = await telegram.tap(ann, found, "›")

    assert refused == "这是 安 的操作。发 /search 开始你自己的。"
    assert "2 / 3" in [button.label for row in turned.buttons for button in row]


async def test_a_search_that_is_not_known_any_more_says_so(journal: Database) -> None:
    async with running_bot(journal, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "柳树")
        answers = [await telegram.toast(ann, found, data) for data in ("1:results:99:1", "1:hit:99:1:0")]

    assert set(answers) == {"这次搜索过期了。什么都没有丢：再发一次要找的词就好。"}


async def test_what_was_misspelt_is_found_and_said_and_marked(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "shuiwei")
        hit = await telegram.tap(ann, found, "1")

    assert "没有找到原样的词，下面是“水位”的结果。" in found.text
    assert "水位" in bold(hit)
