"""What people do beyond reading: upload, export, forget, vote; and what they see when something fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import database_url, environment
from tests.acceptance.test_demo import address_of, wait_for_bot
from tests.acceptance.test_demo import demo as demo_process
from tests.browser.conftest import CURATOR, PHONE, XIAO_LIN, Demo, Open
from tests.browser.test_demo import bubbles, say, start, subscribe, tap

__all__ = ["database_url", "environment"]

BRIDGE = "# 石桥\n\n" + "桥栏上的七只鸽子天亮就飞走，守桥的老人每天数一遍，记在墙上。" * 6
LONG = "桥" * 900


def drop(page: Any, name: str, body: bytes) -> None:
    """Drop a file onto the chat."""
    dropped = page.evaluate_handle(
        "([name, bytes]) => { const all = new DataTransfer();"
        " all.items.add(new File([new Uint8Array(bytes)], name)); return all; }",
        [name, list(body)],
    )
    page.dispatch_event("#log", "drop", {"dataTransfer": dropped})


def post(demo: Demo, method: str, **asked: Any) -> None:
    """Let the bot make a call, as any bot could."""
    address = f"{demo.api.url}/bot{demo.api.token}/{method}"
    assert httpx.post(address, json={"chat_id": XIAO_LIN} | asked, trust_env=False).json()["ok"]


def test_a_dropped_document_is_reported_on_taken_in_found_and_opened(open_page: Open) -> None:
    page = open_page(f"#{CURATOR}")
    start(page)
    drop(page, "石桥.md", BRIDGE.encode())
    expect(bubbles(page).last).to_contain_text("还没有入库", timeout=20_000)
    expect(bubbles(page).last).to_contain_text("七只鸽子")  # a sample
    say(page, "七只鸽子")
    expect(bubbles(page).last).to_contain_text("没有找到")  # nobody finds it yet

    tap(page, "入库")
    expect(page.locator("#rows")).to_contain_text("已入库", timeout=20_000)
    say(page, "七只鸽子")
    expect(bubbles(page).last).to_contain_text("1 段，1 份文档")
    tap(page, "1")

    expect(bubbles(page).last).to_contain_text("守桥的老人每天数一遍")


def test_a_document_that_cannot_be_read_is_refused_with_the_reason(open_page: Open) -> None:
    page = open_page(f"#{CURATOR}")
    start(page)
    drop(page, "坏.txt", bytes(range(128, 256)) * 40 + b"\x00\x01")

    expect(bubbles(page).last).to_contain_text("读不出文字", timeout=20_000)


def test_all_that_is_mine_comes_as_a_file_and_is_gone_when_i_say_so(open_page: Open) -> None:
    page = open_page()
    subscribe(page)
    say(page, "/export")
    with page.expect_download() as download:
        bubbles(page).last.locator(".file").click()
    mine = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert "巡河" in json.dumps(mine, ensure_ascii=False)

    say(page, "/forget")
    tap(page, "全部删掉")

    expect(bubbles(page).last).to_contain_text("删掉了")
    expect(bubbles(page).last).to_contain_text("1 个订阅")


def test_the_bot_changes_its_language_where_it_stands(open_page: Open) -> None:
    page = open_page()
    subscribe(page)
    say(page, "/settings")
    tap(page, "语言")
    tap(page, "English")
    expect(bubbles(page).last).to_contain_text("Language: English")
    say(page, "/plan")

    expect(bubbles(page).last).to_contain_text("every day at 07:30")
    expect(page.locator(".keyboard").last).to_contain_text("Unsubscribe")


def test_a_poll_is_voted_in_and_the_vote_is_taken_back(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    post(demo, "sendPoll", question="几点送？", options=["07:30", "21:00"])
    poll = page.locator(".poll")
    poll.get_by_role("button", name="21:00").click()

    expect(poll.locator(".share")).to_have_text(["0%", "100%"])
    expect(poll.get_by_role("img", name="你的选择")).to_have_count(1)
    expect(poll).to_contain_text("1 票")
    poll.get_by_role("button", name="撤回投票").click()
    expect(poll.get_by_role("button", name="21:00")).to_be_visible()
    expect(poll).to_contain_text("0 票")


def test_where_several_may_be_chosen_they_are_sent_together(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    post(demo, "sendPoll", question="哪几天？", options=["一", "三", "五"], allows_multiple_answers=True)
    poll = page.locator(".poll")
    poll.get_by_role("button", name="一").click()
    poll.get_by_role("button", name="五").click()
    expect(poll.locator("[aria-pressed=true]")).to_have_text(["一", "五"])
    poll.get_by_role("button", name="投票").click()

    expect(poll.locator(".share")).to_have_text(["100%", "0%", "100%"])


def test_a_quiz_tells_what_was_right_once_and_for_all(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    quiz = {"type": "quiz", "correct_option_ids": [1], "explanation": "隋朝开凿。"}
    post(demo, "sendPoll", question="运河始于？", options=["唐", "隋"], **quiz)
    expect(page.locator(".poll")).not_to_contain_text("隋朝开凿")
    page.locator(".choice", has_text="唐").click()

    expect(page.get_by_role("img", name="你选错了")).to_be_visible()
    expect(page.get_by_role("img", name="正确", exact=True)).to_be_visible()
    expect(page.locator(".poll")).to_contain_text("隋朝开凿")
    expect(page.get_by_role("button", name="撤回投票")).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_phones_first_screen_says_what_to_tap_first(open_page: Open, locale: str) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True, locale=locale)
    guide = page.locator(".guide")

    expect(guide).to_be_in_viewport(ratio=1)
    expect(guide).to_contain_text("先点上面的一个人" if locale == "zh-CN" else "Tap a person above")
    expect(guide.locator("li")).to_have_count(4)
    assert "" not in guide.locator("li").all_inner_texts()


def test_whoever_reads_english_is_first_the_one_who_does(open_page: Open) -> None:
    page = open_page(locale="en-GB")

    expect(page.locator("#subtitle")).to_have_text("bot · you are Ann")
    expect(page.locator(".empty")).to_contain_text("A passage a day")


def test_what_one_writes_comes_into_view_wherever_one_was(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    for _ in range(3):
        post(demo, "sendMessage", text=LONG)
    expect(bubbles(page)).to_have_count(4)
    page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    expect(page.locator("#down")).to_be_visible()
    say(page, "/help")

    expect(page.locator(".own").last).to_be_in_viewport()
    expect(page.locator("#down")).to_be_hidden()


def test_a_refused_message_is_told_though_the_calls_are_not_shown(open_page: Open) -> None:
    page = open_page()
    start(page)
    page.locator("label", has_text="429").click()
    say(page, "/help")

    expect(page.locator("#toasts")).to_contain_text("被拒绝：sendMessage 429")
    expect(page.locator("#fault-flood")).not_to_be_checked()  # it happens once
    expect(bubbles(page)).to_have_count(2, timeout=15_000)  # the answer comes after all


def test_slow_answers_are_waited_for_in_sight(open_page: Open) -> None:
    page = open_page()
    start(page)
    page.locator("label", has_text="慢 2 秒").click()
    page.locator(".key").first.click()

    expect(page.locator(".key.waits")).to_have_count(1)
    expect(bubbles(page)).to_contain_text("订好了", timeout=15_000)
    expect(page.locator(".key.waits")).to_have_count(0)


def test_a_demo_that_was_killed_and_begins_again_finds_the_page_where_it_was(
    browser: Any, environment: dict[str, str], tmp_path: Path
) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    with demo_process(environment, tmp_path, "--port", "0") as first:
        address = address_of(first)[0]
        page.goto(address)
        wait_for_bot(address)
        start(page)
        first.kill()
        first.wait()
        expect(page.locator("#banner")).to_contain_text("连接断了")
    port = address.rstrip("/").rpartition(":")[2]
    with demo_process(environment, tmp_path, "--port", port) as second:
        assert address_of(second)[0] == address
        wait_for_bot(address)
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("#rows .message")).to_have_count(0)  # nothing was kept

        start(page)


def test_a_card_is_seen_whole_and_the_chat_stays_at_its_end(open_page: Open) -> None:
    page = open_page()
    subscribe(page)
    say(page, "/today")
    tap(page, "读完了")
    tap(page, "做成卡片")
    picture = page.locator("#rows img.photo")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('#rows img.photo').naturalWidth === 1080")
    box = picture.bounding_box()

    assert box["height"] / box["width"] == pytest.approx(1350 / 1080, rel=0.01)
    assert (
        page.evaluate(
            "() => { const log = document.getElementById('log');"
            " return log.scrollHeight - log.scrollTop - log.clientHeight; }"
        )
        < 4
    )
