"""Web pages lose what stands around their article, and none of its text."""

from __future__ import annotations

import datetime as dt

import pytest

from content.reading import read_document
from content.structure import ArticleDraft, parse_articles
from tests.content.spring_newsletter import SPRING, to_txt

TITLE = SPRING.reports[0].title
TEXTS = SPRING.reports[0].paragraphs
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXTS)


def blocks(html: str) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in read_document("a.html", html.encode()).blocks]


def article(html: str | bytes) -> ArticleDraft:
    body = html if isinstance(html, bytes) else html.encode()
    [draft] = parse_articles(read_document("a.html", body), "文件名")
    return draft


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>春耕</h1><h3>备种</h3><p>正文。", [(1, "春耕"), (3, "备种"), (0, "正文。")]),
        ("<h2>春耕<br>与备种</h2><p>正文。", [(2, "春耕 与备种"), (0, "正文。")]),
        ("<p>有<b>重点</b>、<i>语气</i>和<a href=x>链接</a>。", [(0, "有重点、语气和链接。")]),
        ("<p>一行\n  折成两行，\n又一行。", [(0, "一行折成两行，又一行。")]),
        ("<p>Folded\nEnglish text.", [(0, "Folded English text.")]),
        ("<div>外面<p>里面</p>后面</div>", [(0, "外面"), (0, "里面"), (0, "后面")]),
        ("上一行<br>下一行", [(0, "上一行"), (0, "下一行")]),
        ("<ul><li>甲<ul><li>乙</ul><li>丙</ul>", [(0, "• 甲"), (0, "• 乙"), (0, "• 丙")]),
        ("<ol start=3><li>三<li><p>四</p></ol>", [(0, "3. 三"), (0, "4. 四")]),
        ("<table><tr><th>村<th>户<tr><td>东<td>12</table>", [(0, "村 | 户"), (0, "东 | 12")]),
        ("<table><tr><td><p>一</p><p>二</p></td></tr></table>", [(0, "一"), (0, "二")]),
        ("<blockquote>引文。</blockquote><pre>a = 1\n\n  b</pre>", [(0, "引文。"), (0, "a = 1"), (0, "b")]),
        ("<p><ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", [(0, "漢字")]),
        ("<p>水渠<sup><a href=#n1>[1]</a></sup>通了<sup>②</sup>。", [(0, "水渠通了。")]),
        ("<p>3 m<sup>2</sup> 的 CO<sub>2</sub>", [(0, "3 m² 的 CO₂")]),
        ("<p>他说<q>走吧</q>。", [(0, "他说“走吧”。")]),
        ("<p>a&nbsp;&amp;&#32;b &hellip;&mdash;&ldquo;好&rdquo;", [(0, "a & b …—“好”")]),
        ("<p>见<!-- 不见 --><script>不见</script><style>不见</style><span hidden>不见</span>", [(0, "见")]),
        ("<p>见<span style='color:red;DISPLAY : none'>不见</span>了", [(0, "见了")]),
        ("<dl><dt>升<dd>量米的器具。</dl>", [(0, "升"), (0, "量米的器具。")]),
        (
            "<p>见<img src=x alt=图></p><figure><figcaption>渡口</figcaption></figure>",
            [(0, "见"), (0, "渡口")],
        ),
        ("没有标签的字", [(0, "没有标签的字")]),
    ],
)
def test_marks_go_and_text_stays(html: str, expected: list[tuple[int, str]]) -> None:
    assert blocks(html) == expected


def test_a_page_of_the_nineties_is_read() -> None:
    lines = "<br><br>".join("&nbsp;&nbsp;&nbsp;&nbsp;" + text for text in TEXTS)
    news = "".join(f"·<a href=/{n}>某地开展了第{n}次活动，群众很满意</a><br>" for n in range(8))
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{TITLE}-南塘新闻网</title></head><body><table width=760><tr><td><a href=/>首页</a> | "
        f"<a href=/n>新闻</a></td></tr></table><table><tr><td width=160><b>热点新闻</b><br>{news}</td><td>"
        f"<table><tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr><tr><td align=center>"
        f"2004-4-6 10:23 来源：文化站 作者：周梅</td></tr><tr><td><font size=3>{lines}</font></td></tr>"
        "<tr><td>【<a href=#>打印</a>】【<a href=#>关闭</a>】</td></tr></table></td></tr></table><hr>"
        "<center>版权所有 &copy; 2020 南塘新闻网 地址：南塘路1号<br>ICP备05001234号</center></body></html>"
    )
    draft = article(page.encode("gb18030"))
    assert (draft.title, draft.date, draft.source) == (TITLE, dt.date(2004, 4, 6), "文化站")
    assert tuple(paragraph.text for paragraph in draft.paragraphs) == TEXTS


def test_a_blog_gives_its_post_without_comments_and_columns() -> None:
    draft = article(
        f"<html><head><title>{TITLE} | 河边札记</title><meta name=author content=何青禾>"
        '<meta property="article:published_time" content="2024-04-06T08:00:00+08:00"></head><body>'
        "<header class=site-header><a href=/>河边札记</a><nav><ul><li><a href=/>首页</a></ul></nav>"
        "</header><main>"
        f"<article><header><h1>{TITLE}</h1><div>2024年4月6日 · <a href=/t>读书</a></div></header>{PARAGRAPHS}"
        "<footer>标签：<a href=x>读书</a></footer></article><section id=comments><h3>评论</h3>"
        "<p>写得真好，我也想去看看，可惜太远了。</p></section></main><aside><h3>最近文章</h3><ul><li>"
        "<a href=1>春雨</a>"
        "</ul><p>这里是河边札记，记录一个小镇的日常，欢迎订阅。</p></aside><footer>© 2020 河边札记。"
        "</footer></body>"
    )
    assert (draft.title, draft.date, draft.source) == (TITLE, dt.date(2024, 4, 6), "何青禾")
    assert tuple(paragraph.text for paragraph in draft.paragraphs) == TEXTS


def test_a_page_of_wechat_is_read_though_a_script_shows_it() -> None:
    sections = "".join(f"<section><p><span>{text}</span></p></section><p><br></p>" for text in TEXTS)
    draft = article(
        f'<html><head><meta property="og:title" content="{TITLE}"><meta name="author" content="周梅">'
        f"<title></title>"
        f'<script>var ct = "1712361600";</script></head><body><div id="page-content"><h1>{TITLE}</h1>'
        '<div><span>原创</span> <a href="javascript:void(0)">南塘文化站</a></div>'
        f'<div id="js_content" style="visibility: hidden; opacity: 0;">{sections}'
        f'<p style="display:none">不见。</p></div>'
        '<div class="tags">收录于合集 #读书</div></div><div class="qr_code_pc">微信扫一扫，关注该公众号'
        "</div></body></html>"
    )
    assert (draft.title, draft.date, draft.source) == (TITLE, dt.date(2024, 4, 6), "周梅")
    assert tuple(paragraph.text for paragraph in draft.paragraphs) == TEXTS


def test_a_portal_page_gives_day_and_source_from_the_line_under_the_title() -> None:
    links = "".join(f"<li><a href=1>推荐新闻第{n}条，内容精彩不容错过</a></li>" for n in range(9))
    draft = article(
        f"<html><head><title>{TITLE}_新闻_南塘网</title></head><body><div class=top-bar><a href=1>首页</a>"
        f"</div>"
        f"<div class=main-content><h1>{TITLE}</h1><div><span>2024年04月06日 08:15</span> <span>南塘晚报"
        f"</span></div>"
        f"<div class=left><div id=artibody>{PARAGRAPHS}<p>责任编辑：张三</p></div><div>关键词："
        f"<a href=1>读书</a></div></div>"
        f"<div class=right><h2>热门推荐</h2><ul>{links}</ul></div></div>"
        "<div class=footer>Copyright © 1996-2020 NT, All Rights Reserved</div></body></html>"
    )
    assert (draft.title, draft.date, draft.source) == (TITLE, dt.date(2024, 4, 6), "南塘晚报")
    assert tuple(paragraph.text for paragraph in draft.paragraphs) == TEXTS


def test_a_notice_keeps_its_rows_and_who_signs_it() -> None:
    raw = read_document(
        "a.html",
        (
            '<html><head><meta name="ArticleTitle" content="关于清明读书活动的通知"><title>南塘镇</title>'
            "</head><body>"
            "<div>当前位置：<a href=/>首页</a> &gt; <a href=/t>通知公告</a></div><div>"
            "<h3>关于清明读书活动的通知</h3>"
            "<div>发布时间：2024-04-02 来源：南塘镇 字体：[大 中 小]</div><div><p>各村：</p>"
            "<p>经研究，决定开展清明读书活动，现将有关事项通知如下。</p>"
            "<table><tr><td>东村<td>旧戏台<tr><td>西村<td>粮站</table><p>附件：安排表</p><p>南塘镇</p>"
            "<p>2024年4月2日</p></div>"
            "<div>【打印本页】【关闭窗口】</div></div><div class=foot>"
            "<p>主办单位：南塘镇，未经许可不得转载。</p></div></body></html>"
        ).encode(),
    )
    assert [block.text for block in raw.blocks] == [
        "关于清明读书活动的通知",
        "发布时间：2024-04-02 来源：南塘镇",
        "各村：",
        "经研究，决定开展清明读书活动，现将有关事项通知如下。",
        "东村 | 旧戏台",
        "西村 | 粮站",
        "附件：安排表",
        "南塘镇",
        "2024年4月2日",
    ]


def test_a_year_in_the_footer_dates_nothing() -> None:
    draft = article(
        f"<title>{TITLE}</title><h1>{TITLE}</h1>{PARAGRAPHS}<footer>版权所有 © 2020-01-01</footer>"
    )
    assert draft.date is None


def test_a_page_of_lines_is_put_together_like_plain_text() -> None:
    text = to_txt(SPRING)
    plain, page = (
        parse_articles(read_document(name, body.encode()), "文件名")
        for name, body in [("a.txt", text), ("a.html", f"<html><body><pre>{text}</pre></body></html>")]
    )
    assert [(draft.title, draft.text) for draft in page] == [(draft.title, draft.text) for draft in plain]


def test_titles_that_only_look_like_titles_divide_a_page() -> None:
    reports = "".join(
        f"<p align=center><b>{report.title}</b></p>" + "".join(f"<p>{text}</p>" for text in report.paragraphs)
        for report in SPRING.reports
    )
    drafts = parse_articles(read_document("a.html", f"<body>{reports}</body>".encode()), "文件名")
    assert [draft.title for draft in drafts] == [report.title for report in SPRING.reports]


@pytest.mark.parametrize("stated", ["gb2312", "utf-8", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_bytes_of_a_page_tell_its_encoding_whatever_it_states(stated: str, encoding: str) -> None:
    page = f"<html><head><meta charset={stated}></head><body><p>{TEXTS[0]}</p></body></html>"
    [block] = read_document("a.htm", page.encode(encoding)).blocks
    assert block.text == TEXTS[0]
