"""The chat page in a real browser, with the real bot behind it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from bot.demo import faults
from tests.browser.conftest import ANN, CURATOR, PHONE, XIAO_LIN, Demo, Open

HOSTILE = '<img src=x onerror="document.title=1"><b>粗</b>'


def bubbles(page: Any) -> Any:
    """The bot's messages."""
    return page.locator(".message:not(.own):not(.service)")


def options(page: Any) -> Any:
    """The commands that the menu offers."""
    return page.locator("#commands").get_by_role("option")


def tap(page: Any, label: str) -> None:
    """Press a button under the bot's last message that has it."""
    page.locator(".key", has_text=label).last.click()


def say(page: Any, text: str) -> None:
    """Write into the field and press Enter."""
    page.locator("#text").fill(text)
    if text.startswith("/"):
        page.keyboard.press("Escape")  # the menu
    page.keyboard.press("Enter")


def start(page: Any) -> None:
    """Press Start, and wait for the welcome."""
    page.locator("#start").click()
    expect(bubbles(page)).to_have_count(1)


def subscribe(page: Any) -> None:
    """Subscribe by the two taps of a newcomer."""
    start(page)
    tap(page, "每天 07:30 收")
    expect(bubbles(page)).to_contain_text("订好了")


def test_a_newcomer_reads_what_the_bot_does_and_subscribes_with_two_taps(open_page: Open, demo: Demo) -> None:
    page = open_page()
    expect(page.locator(".empty")).to_contain_text("每天在你选的时间送来一段")

    subscribe(page)

    expect(bubbles(page)).to_have_count(1)  # the message was changed in its place
    expect(bubbles(page)).to_contain_text("3月3日周二 07:30")  # as this person's phone writes a moment
    expect(page.locator("#start")).to_be_hidden()
    assert demo.said()[0].text.startswith("✅ 订好了")


def test_the_digest_arrives_when_the_clock_is_moved_and_can_be_ticked_off(open_page: Open) -> None:
    page = open_page()
    subscribe(page)

    page.locator("#tomorrow").click()

    expect(bubbles(page).last).to_contain_text("巡河日记1")
    expect(page.locator("#clock-time")).to_contain_text("07:30")
    expect(page.locator(".day-name")).to_have_text(["3月2日星期一", "3月3日星期二"])
    tap(page, "读完了")
    expect(page.locator(".key").last).to_be_visible()
    expect(page.locator(".keyboard").last).to_contain_text("已读")


def test_a_search_is_paged_and_a_hit_opens_in_its_context_and_leads_back(open_page: Open) -> None:
    page = open_page()
    start(page)
    say(page, "柳树")
    expect(bubbles(page).last).to_contain_text("12 段，1 份文档")
    expect(bubbles(page).last.locator("b").first).to_have_text("柳树")

    tap(page, "›")
    expect(page.locator(".keyboard").last).to_contain_text("2 / 3")
    tap(page, "2 / 3")
    expect(page.locator("#toasts")).to_have_text("第 2 页，共 3 页")
    tap(page, "7")
    expect(bubbles(page).last).to_contain_text("《巡河日记")
    tap(page, "返回结果")

    expect(page.locator(".keyboard").last).to_contain_text("2 / 3")


def test_settings_change_in_place(open_page: Open) -> None:
    page = open_page()
    subscribe(page)
    say(page, "/settings")
    expect(bubbles(page)).to_have_count(2)
    tap(page, "时间")
    tap(page, "21:00")

    expect(bubbles(page)).to_have_count(2)
    expect(bubbles(page).last).to_contain_text("改到 21:00 送")


def test_the_page_speaks_the_browsers_language_and_another_at_will(open_page: Open) -> None:
    page = open_page(locale="en-GB")
    expect(page.locator("#start")).to_have_text("Start")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.locator("#language").select_option("zh")
    expect(page.locator("#start")).to_have_text("开始")
    page.reload()

    expect(page.locator("#tomorrow")).to_have_text("到明天 07:30")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_light_and_dark_follow_the_system_until_one_is_chosen(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").select_option("light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert dark != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_a_file_goes_to_the_bot_by_the_paper_clip_and_by_dropping_it(open_page: Open, demo: Demo) -> None:
    demo.user(CURATOR).start()
    page = open_page(f"#{CURATOR}")
    body = "# 石桥\n\n桥下的水位记在本子上。"
    page.locator("#file").set_input_files(
        {"name": "石桥.md", "mimeType": "text/markdown", "buffer": body.encode()}
    )
    expect(page.locator(".own .file-name")).to_have_text("石桥.md")

    dropped = page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['渡口'], '渡口.txt')); return all; }"
    )
    page.dispatch_event("#log", "drop", {"dataTransfer": dropped})
    expect(page.locator(".own .file-name")).to_have_text(["石桥.md", "渡口.txt"])

    sent = [message.document for message in demo.api.transcript(demo.user(CURATOR)) if message.document]
    assert [(file.name, file.body.decode()) for file in sent[:2]] == [("石桥.md", body), ("渡口.txt", "渡口")]
    demo.api.wait_for(lambda: not demo.api.state.updates.waiting)  # the bot has taken them
    with page.expect_download() as download:
        page.locator(".own .file").first.click()
    assert download.value.path().read_text(encoding="utf-8") == body


def test_a_citation_is_really_copied(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    subscribe(page)
    page.locator("#tomorrow").click()
    tap(page, "出处")

    expect(page.locator("#toasts")).to_contain_text("已复制")
    assert "巡河日记1" in page.evaluate("navigator.clipboard.readText()")


def test_a_reload_in_mid_flow_finds_everything_as_it_was(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    page.locator("#text").fill("写了一半")
    demo.api.faults.add("answerCallbackQuery", faults.slow(3))
    tap(page, "07:30")
    expect(page.locator(".key.waits")).to_have_count(1)

    page.reload()

    expect(page.locator("#text")).to_have_value("写了一半")
    expect(page.locator(".key.waits")).to_have_count(1)
    expect(bubbles(page)).to_contain_text("订好了")
    expect(page.locator(".key.waits")).to_have_count(0)


def test_two_pages_as_one_person_agree(open_page: Open) -> None:
    page = open_page()
    other = open_page(beside=page)

    subscribe(page)
    expect(bubbles(other)).to_contain_text("订好了")
    say(other, "石桥")

    expect(page.locator(".own").last).to_contain_text("石桥")
    expect(bubbles(page)).to_have_count(2)
    expect(bubbles(other)).to_have_count(2)
    assert page.locator(".text").all_inner_texts() == other.locator(".text").all_inner_texts()


def test_ten_fast_taps_are_one(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    demo.api.faults.add("answerCallbackQuery", faults.slow(0.5))

    page.locator(".key").first.evaluate("key => { for (let n = 0; n < 10; n += 1) key.click(); }")

    expect(bubbles(page)).to_contain_text("订好了")
    assert len(demo.api.state.queries) == 1


def test_on_a_phone_the_list_and_the_chat_take_turns_and_nothing_is_wider_than_the_screen(
    open_page: Open,
) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.locator("#chat")).to_be_hidden()
    page.locator(".entry").first.click()
    expect(page.locator("#chats")).to_be_hidden()
    subscribe(page)

    page.locator("#open-tools").click()
    page.locator("#tomorrow").click()
    expect(page.locator("#tools")).to_be_hidden()
    expect(bubbles(page).last).to_contain_text("巡河日记1")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate("document.querySelector('#log').scrollWidth") <= PHONE["width"]

    page.go_back()
    expect(page.locator(".entry").first).to_contain_text("巡河日记1")
    expect(page.locator("#chat")).to_be_hidden()


def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.locator(".entry").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("#start").focus()
    page.keyboard.press("Enter")
    expect(bubbles(page)).to_have_count(1)
    page.locator("#text").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".key").last).to_be_focused()
    page.locator(".key").first.focus()
    page.keyboard.press("Enter")
    expect(bubbles(page)).to_contain_text("订好了")
    expect(page.locator(".key").first).to_be_focused()  # what was edited keeps the focus

    page.locator("#text").focus()
    page.keyboard.type("/")
    expect(options(page)).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#commands")).to_be_hidden()
    page.keyboard.type("tod")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("/today")
    expect(page.locator("#text")).to_have_value("")


def test_the_menu_has_what_the_bot_registered_for_this_person_and_place(open_page: Open, demo: Demo) -> None:
    demo.user(ANN).start()
    page = open_page(f"#{ANN}")
    page.locator("#slash").click()
    shown = options(page).all_inner_texts()

    menu = demo.user(ANN).menu()
    assert [text.split() for text in shown] == [
        [f"/{each['command']}", *each["description"].split()] for each in menu
    ]
    page.locator(".entry").last.click()
    page.locator("#slash").click()
    in_group = options(page).count()
    assert 0 < in_group < len(menu)


def test_in_the_group_one_speaks_as_whom_one_chooses(open_page: Open) -> None:
    page = open_page()
    page.locator(".entry").last.click()
    page.locator("#as").select_option(label="Ann")
    say(page, "/search 石桥")

    expect(page.locator(".own")).to_contain_text("/search@rizhi_bot 石桥")  # as Telegram's menu writes it
    expect(bubbles(page).last).to_contain_text("石桥")
    page.locator("#as").select_option(label="小林")
    expect(page.locator(".own .text")).to_have_count(0)
    expect(page.locator(".sender").first).to_have_text("Ann")


def test_the_calls_behind_a_message_are_shown_with_what_was_refused(open_page: Open, demo: Demo) -> None:
    page = open_page()
    subscribe(page)
    page.locator("label", has_text="HTTP").click()

    behind = page.locator(".message .call summary")
    expect(behind.locator("code")).to_have_text(["sendMessage", "answerCallbackQuery", "editMessageText"])
    behind.first.click()
    expect(page.locator(".message .call pre").first).to_contain_text(f'"chat_id": "{XIAO_LIN}"')

    demo.api.faults.add("sendMessage", faults.blocked())
    page.locator("#tomorrow").click()
    expect(page.locator(".loose .bad")).to_contain_text("403")
    expect(page.locator(".loose .bad")).to_contain_text("bot was blocked by the user")


def test_whoever_blocks_the_bot_can_let_it_back(open_page: Open, demo: Demo) -> None:
    page = open_page()
    subscribe(page)
    page.locator("label", has_text="屏蔽").click()
    expect(page.locator("#banner")).to_have_text("小林屏蔽了机器人。")
    assert demo.user(XIAO_LIN).person.blocked

    page.locator("#start", has_text="解除屏蔽").click()

    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#text")).to_be_visible()


def test_a_bot_that_is_away_is_said_and_answers_when_it_is_back(open_page: Open) -> None:
    page = open_page()
    start(page)
    page.locator("label", has_text="停掉机器人").click()
    expect(page.locator("#banner")).to_contain_text("机器人停着")
    say(page, "石桥")
    expect(page.locator(".own")).to_have_count(2)
    expect(bubbles(page)).to_have_count(1)

    page.locator("label", has_text="停掉机器人").click()

    expect(page.locator("#banner")).to_be_hidden()
    expect(bubbles(page).last).to_contain_text("石桥")


def test_a_server_that_is_gone_is_said_and_what_was_written_stays(open_page: Open, demo: Demo) -> None:
    page = open_page()
    start(page)
    demo.api.stop()
    expect(page.locator("#banner")).to_contain_text("连接断了")
    say(page, "石桥")
    expect(page.locator("#toasts")).to_contain_text("没有送出")
    expect(page.locator("#text")).to_have_value("石桥")

    demo.api.start()

    expect(page.locator("#banner")).to_be_hidden()
    page.locator("#send").click()
    expect(page.locator(".own").last).to_contain_text("石桥")


def test_what_people_write_is_shown_as_they_wrote_it(open_page: Open) -> None:
    page = open_page()
    start(page)
    say(page, HOSTILE)

    expect(page.locator(".own").last).to_contain_text(HOSTILE)
    expect(bubbles(page)).to_have_count(2)
    assert page.locator("#log img, #chats .preview img").count() == 0
    assert "小林" in page.title()


def test_a_message_can_be_answered_copied_and_forwarded(open_page: Open, demo: Demo) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    start(page)
    bubbles(page).hover()
    bubbles(page).locator(".more").click()
    page.get_by_role("menuitem", name="回复").click()
    say(page, "这是回复")
    expect(page.locator(".own .replied")).to_contain_text("Rizhi")

    page.locator(".own").last.hover()
    page.locator(".own .more").last.click()
    page.get_by_role("menuitem", name="转发到「共读群").click()
    demo.api.wait_for(lambda: any(m.forward_origin for m in demo.api.transcript(group_of(demo))))
    page.locator(".entry").last.click()
    expect(page.locator(".forwarded")).to_have_text("转发自 小林")


def group_of(demo: Demo) -> Any:
    return next(chat for chat in demo.api.state.chats.values() if chat.type == "supergroup")


def test_what_comes_elsewhere_is_counted_until_it_is_looked_at(open_page: Open) -> None:
    page = open_page()
    subscribe(page)
    page.locator(".entry").nth(1).click()
    expect(page.locator("#start")).to_be_visible()
    page.locator("#tomorrow").click()

    expect(page.locator(".entry").first.locator(".unread")).to_have_text("1")
    page.locator(".entry").first.click()
    expect(page.locator(".unread")).to_have_count(0)
