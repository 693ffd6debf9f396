"""Finds the article in a web page: which element holds it, and which lines in it are not of the article.

What speaks is prose: characters in sentences, outside links. A page that is nothing but text is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from content.marks import BRACKETED, ends_sentence
from content.reading.markup import CELL_GAP, Element, is_unseen, read_tree
from content.reading.pieces import LEVELS, Piece

FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "dialog", "menu"})
FURNITURE_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu"}
)
FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menus?|foot(?:er)?|side-?bar|aside|bread-?crumbs?|crumbs?|share\w*|social|comments?"
    r"|related?|relevant|recommend\w*|copyright|toolbar|pager|paginat\w*|ads?|advert\w*|banner|login|search\w*"
    r"|hot\w*|rank\w*|qr-?code|subscribe|cookies?|popup|modal|friend-?links?|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of classes and ids as they are usual for what stands around an article."""

FURNITURE_LINES = re.compile(
    r"版权所有|Copyright|©|All [Rr]ights [Rr]eserved|ICP[备证]|公网安备|违法和不良信息|网站地图|联系我们"
    r"|技术支持[:：]|(?:关键词|关键字|标签|Tags?)[:：]|收录于|[（(\[【]?(?:责任编辑|责编|编辑|审核|校对|监制)[:：]"
    r"|(?:主办|承办|建设|运维)单位[:：]|网站标识码|【?(?:打印|关闭)(?:本页|窗口|此页)?】?$|[上下]一[篇条][:：]|分享到|扫一扫"
    r"|(?:相关|推荐|延伸)(?:阅读|文章|新闻|链接)|当前位置|您(?:现在)?的位置|字(?:体|号)[:：]?\s*[【\[（(]?\s*[大中小]|点击数"
    r"|(?:点击|浏览|阅读)(?:次数|量)?[:：]\s*\d*|返回(?:顶部|首页|列表)|设为首页|加入收藏|微信扫"
)
FURNITURE_LINE_CHARS = 80

CANDIDATES = ".//article|.//main|.//*[@role='main' or @itemprop='articleBody' or @id='js_content']"
MOST = 0.6
"""An element that a page names as its article holds this share of the prose, or it is another one of many."""

NEARLY_ALL = 0.85
"""Without such a name the walk goes down as long as one element holds this share."""

SENTENCE_MARK = re.compile("[，。；：！？、,.;:!?]")
SENTENCE_CHARS = 10
PROSE_CHARS = 25
LINK_SHARE = 0.5
TAIL_PIECES = 6
"""Lines after the last sentence that may still be the article's: who wrote it, when, where from."""

TAIL_CHARS = 30
BESIDE = 1.2
"""What stands with the title around the text may hold this many times the text's prose."""

LINE_ENDS = re.compile(
    r"(?<!\s)\s*+(?:【?字(?:体|号)[:：]?[\s【\[（(大中小】\]）)]*+|(?:点击|浏览|阅读|访问)[次量数]*[:：]\s*+\d*\s*+次?"
    r"|分享到?[:：]?|【?打印(?:本页)?】?|【?关闭(?:窗口)?】?)+\s*$"
)
"""What pages put after the date and the source of an article, on the same line."""


def find_main_text(root: Element, title: str | None) -> list[Piece]:
    """Return the pieces of the article, its title first as a heading where the page is more than its text."""
    found = next(iter(root.iter("body")), root)
    weights = _weigh(found)
    furniture = {element for element in weights if _is_furniture(element, weights, found)}
    main = _with_title(_main_element(found, weights, furniture), title, weights, found)

    def unseen(element: Element) -> bool:
        return is_unseen(element) or element in furniture

    pieces = read_tree(main, unseen)
    if main is found and not furniture and not any(map(_is_furniture_line, pieces)):
        return pieces
    cleaned = [replace(piece, text=text) for piece in pieces if (text := LINE_ENDS.sub("", piece.text))]
    return _titled(_trimmed([piece for piece in cleaned if not _is_furniture_line(piece)]), title)


def _weigh(root: Element) -> dict[Element, int]:
    """Return for each element that is seen the characters of prose in it."""
    weights: dict[Element, int] = {}
    open_weights = [0]
    links = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        links += (element.tag == "a") * (1 if event == "start" else -1)
        if event == "start":
            open_weights.append(0)
            if is_unseen(element):
                walker.skip_subtree()
            elif not links:
                open_weights[-1] += _prose(element.text)
        else:
            weights[element] = open_weights.pop()
            open_weights[-1] += weights[element] + (0 if links else _prose(element.tail))
    return weights


def _prose(text: str | None) -> int:
    stripped = text.strip() if text else ""
    return len(stripped) if len(stripped) >= SENTENCE_CHARS and SENTENCE_MARK.search(stripped) else 0


def _is_furniture(element: Element, weights: dict[Element, int], root: Element) -> bool:
    if element is root or weights[element] > weights[root] / 2:
        return False
    if element.tag in FURNITURE_TAGS or element.get("role") in FURNITURE_ROLES:
        return True
    return any(FURNITURE_NAMES.search(element.get(name, "")) for name in ("class", "id"))


def _main_element(root: Element, weights: dict[Element, int], furniture: Iterable[Element]) -> Element:
    outside = {below for element in furniture for below in element.iter()}
    total = weights[root] - sum(
        weights[element] for element in furniture if element.getparent() not in outside
    )
    for element in root.xpath(CANDIDATES):
        if element not in outside and weights.get(element, 0) >= MOST * total > 0:
            return element
    main = root
    while children := [child for child in main if child in weights and child not in outside]:
        best = max(children, key=weights.__getitem__)
        needed = MOST if best.tag == "td" else NEARLY_ALL
        if weights[best] < needed * total or weights[best] == 0 or best.tag == "p":
            break
        main, total = best, weights[best] if best.tag == "td" else total
    return main


def _with_title(main: Element, title: str | None, weights: dict[Element, int], root: Element) -> Element:
    """Return what holds the title beside the text, and hardly more, or the text alone."""
    around = main
    while title and around is not root and _key(title) not in _key("".join(around.itertext())):
        around = around.getparent()
    return around if weights[around] <= BESIDE * weights[main] else main


def _is_furniture_line(piece: Piece) -> bool:
    if piece.level:
        return False
    if len(piece.text) <= FURNITURE_LINE_CHARS and FURNITURE_LINES.search(piece.text):
        return True
    return piece.links >= LINK_SHARE and not ends_sentence(piece.text)


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without short lines before the title and long after the last sentence."""
    prose = [
        index
        for index, piece in enumerate(pieces)
        if ends_sentence(piece.text)
        or CELL_GAP in piece.text
        or (len(piece.text) >= PROSE_CHARS and not piece.level)
    ]
    if not prose:
        return pieces
    stop = prose[-1] + 1
    while stop < len(pieces) and stop <= prose[-1] + TAIL_PIECES and _signs(pieces[stop]):
        stop += 1
    headings = [index for index in range(prose[0]) if pieces[index].level]
    start = headings[0] if headings else 0
    head = [piece for piece in pieces[start : prose[0]] if piece.level or not piece.links or _is_field(piece)]
    return head + pieces[prose[0] : stop]


def _is_field(piece: Piece) -> bool:
    return re.search("来源|作者|时间|日期|记者", piece.text) is not None


def _signs(piece: Piece) -> bool:
    """Return whether a line after the text may say who wrote it, when or where."""
    return not piece.level and (len(piece.text) <= TAIL_CHARS or bool(BRACKETED.fullmatch(piece.text)))


def _titled(pieces: list[Piece], title: str | None) -> list[Piece]:
    """Return the pieces with the page's title as the first heading."""
    if not title or not pieces:
        return pieces
    key = _key(title)
    for index, piece in enumerate(pieces):
        if _key(piece.text) == key:
            before = [each for each in pieces[:index] if each.level]
            return (
                [*before, replace(piece, level=piece.level or 1), *pieces[index + 1 :]]
                if index
                else [
                    replace(piece, level=piece.level or 1),
                    *pieces[1:],
                ]
            )
    step = any(piece.level == 1 for piece in pieces)
    lowered = [
        replace(piece, level=min(piece.level + step, LEVELS)) if piece.level else piece for piece in pieces
    ]
    return [Piece(title, 1), *lowered]


def _key(text: str) -> str:
    return "".join(text.split())
