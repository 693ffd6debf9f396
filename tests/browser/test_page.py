"""The page itself: formatting, names for every control, contrast, and nothing that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from bot.schema import open_database
from tests.acceptance.conftest import import_journal
from tests.browser.conftest import PHONE, XIAO_LIN, Demo, Open, demo_over

EVERYTHING = """<b>粗</b><i>斜</i><u>线</u><s>删</s><tg-spoiler>藏</tg-spoiler><code>码</code>
<a href="https://example.org/">链</a> <a href="https://t.me/rizhi_bot?start=p_1">这里</a>
<pre><code class="language-python">print("&lt;b&gt;")</code></pre>
<blockquote>引</blockquote>
<blockquote expandable>一行
二行
三行
四行
五行</blockquote>
<tg-time unix="1772494200" format="wdt">原文</tg-time> /help"""

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, [role]')]
  .filter(node => node.checkVisibility() && !node.getAttribute('aria-hidden'))
  .filter(node => !['log', 'status', 'menu', 'listbox', 'presentation'].includes(node.getAttribute('role')))
  .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim()
    || [...(node.labels ?? [])].some(label => label.textContent.trim())))
  .map(node => node.outerHTML)"""

FAINT = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (!getComputedStyle(at).backgroundColor.startsWith('color') && (colour[3] ?? 1) === 1) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('*')].filter(node => node.checkVisibility()
    && !node.closest('.spoiler, [disabled], :disabled, :has(> :disabled)')
    && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()));
  return texts.map(node => {
    const [a, b] = [channels(getComputedStyle(node).color), ground(node)].map(light).sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), node.className + ' ' + node.textContent.slice(0, 30)];
  }).filter(([ratio]) => ratio < 4.5);
}"""
"""Texts whose contrast with what is behind them is under WCAG's 4.5."""

SMALL = """() => [...document.querySelectorAll('.key, .icon, .start')].filter(node => node.checkVisibility())
  .map(node => node.getBoundingClientRect()).filter(box => box.width < 40 || box.height < 40).length"""
"""How many controls are less than 40 px wide or high."""


def post(demo: Demo, text: str, **extra: Any) -> None:
    """Let the bot send a message, as any bot could."""
    body = {"chat_id": XIAO_LIN, "text": text, "parse_mode": "HTML"} | extra
    address = f"{demo.api.url}/bot{demo.api.token}/sendMessage"
    assert httpx.post(address, json=body, trust_env=False).json()["ok"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all that is tried here: each test looks at what comes last."""
    folder = tmp_path_factory.mktemp("demo")
    database = open_database(f"sqlite:///{folder / 'rizhi.db'}")
    import_journal(database, folder)
    with demo_over(database, folder) as demo:
        yield demo
    database.close()


@pytest.fixture
def page(open_page: Open, demo: Demo) -> Any:
    """The page of someone who has begun, the calls shown."""
    demo.user(XIAO_LIN).start()
    demo.api.wait_for_message(demo.user(XIAO_LIN))
    return open_page()


def test_every_kind_of_formatting_is_shown(page: Any, demo: Demo) -> None:
    post(demo, EVERYTHING, disable_notification=True)
    text = page.locator(".message").last.locator(".text")

    for tag, content in (("b", "粗"), ("i", "斜"), ("u", "线"), ("s", "删"), ("pre", 'print("<b>")')):
        expect(text.locator(tag)).to_have_text(content)
    expect(text.locator("a").first).to_have_attribute("rel", "noopener noreferrer")
    expect(text.locator("blockquote").first).to_have_text("引")
    expect(text.locator("time")).to_have_text("3月3日周二 07:30")
    expect(page.locator(".message").last.get_by_role("img", name="静音发送")).to_be_visible()


def test_a_long_quotation_is_folded_at_three_lines_and_opens(page: Any, demo: Demo) -> None:
    post(demo, EVERYTHING)
    fold = page.locator(".fold").last
    folded = fold.bounding_box()["height"]

    page.get_by_role("button", name="展开").last.click()

    assert fold.bounding_box()["height"] == pytest.approx(folded * 5 / 3, rel=0.02)
    expect(page.get_by_role("button", name="收起").last).to_have_attribute("aria-expanded", "true")


def test_hidden_text_is_shown_when_asked_for_and_not_before(page: Any, demo: Demo) -> None:
    post(demo, "<tg-spoiler>藏</tg-spoiler>")
    spoiler = page.get_by_role("button", name="隐藏的文字").last
    spoiler.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".spoiler.shown").last).to_have_text("藏")


def test_a_link_to_the_bot_is_followed_in_the_page(page: Any, demo: Demo) -> None:
    post(demo, EVERYTHING)
    page.get_by_role("link", name="这里").last.click()

    expect(page.locator(".own").last).to_contain_text("/start p_1")
    assert len(page.context.pages) == 1


def test_a_poll_shows_its_question_and_its_answers(page: Any, demo: Demo) -> None:
    address = f"{demo.api.url}/bot{demo.api.token}/sendPoll"
    asked = {"chat_id": XIAO_LIN, "question": "几点送？", "options": ["07:30", "21:00"]}
    httpx.post(address, json=asked, trust_env=False)

    expect(page.locator(".poll .question")).to_have_text("几点送？")
    expect(page.locator(".poll li")).to_have_text(["07:30", "21:00"])


def test_typing_is_shown_while_the_bot_says_so(page: Any, demo: Demo) -> None:
    address = f"{demo.api.url}/bot{demo.api.token}/sendChatAction"
    httpx.post(address, json={"chat_id": XIAO_LIN, "action": "typing"}, trust_env=False)
    expect(page.locator("#subtitle")).to_have_text("正在输入…")

    post(demo, "好了")
    expect(page.locator("#subtitle")).to_have_text("机器人 · 你是小林")


def show_all(page: Any, demo: Demo) -> None:
    post(demo, EVERYTHING)
    page.evaluate("document.querySelector('#show-calls').click()")
    expect(page.locator(".call").last).to_be_visible()


def test_every_control_has_a_name(page: Any, demo: Demo) -> None:
    show_all(page, demo)

    assert page.evaluate(NAMELESS) == []
    expect(page.get_by_role("log", name="消息")).to_be_visible()
    for role in ("main", "navigation", "complementary"):
        expect(page.get_by_role(role)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page: Open, demo: Demo, scheme: str) -> None:
    demo.user(XIAO_LIN).start()
    demo.api.wait_for_message(demo.user(XIAO_LIN))
    page = open_page(color_scheme=scheme)
    show_all(page, demo)
    page.locator("#slash").click()

    assert page.evaluate(FAINT) == []


def test_everything_can_be_touched_on_a_phone(open_page: Open, demo: Demo) -> None:
    demo.user(XIAO_LIN).start()
    demo.api.wait_for_message(demo.user(XIAO_LIN))
    page = open_page(f"#{XIAO_LIN}", viewport=PHONE, has_touch=True, is_mobile=True)

    expect(page.locator(".key").first).to_be_visible()
    assert page.evaluate(SMALL) == 0


def test_nothing_jumps_while_the_page_comes_up_or_a_message_is_edited(page: Any, demo: Demo) -> None:
    shifts = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries()
      .filter(entry => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0)))
      .observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done(0), 300))"""
    page.wait_for_timeout(300)

    assert page.evaluate(shifts) < 0.05
    for number in range(40):
        post(demo, f"第{number}条")
    expect(page.locator(".message").last).to_contain_text("第39条")
    page.locator("#log").evaluate("log => { log.scrollTop = 200; }")
    page.wait_for_timeout(100)
    post(demo, "又来一条")
    expect(page.locator("#down")).to_be_visible()
    assert page.locator("#log").evaluate("log => log.scrollTop") == 200
