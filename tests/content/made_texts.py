"""Clean texts of many kinds in our own words, made at random: what a file was before it was wrapped."""

from __future__ import annotations

from random import Random

from content.marks import NUMBER
from tests.content.hard_wrap import DEEDS, PEOPLE, PLACES, RESULTS, THINGS, report

DUTIES = (
    "借阅、归还和清点，由值守人当面登记",
    "负责人应当在三日以内答复，并且写明理由",
    "用水、用电所需的费用，从公共账户中列支",
    "不得改变用途，也不得转借他人",
    "因天气原因不能按期完成的，可以顺延，但顺延不超过十五日",
    "账目每季度公布一次，接受询问",
)
ITEMS = ("书架、桌椅和灯具", "水闸以及两岸的步道", "台账和旧照片", "按期不还的图书", "其他应当登记的物品")
POINTS = ("把账算清楚", "让人找得到门", "先易后难、分步来做", "守住公共的地方", "把好办法留下来")
ASKED = (
    "{thing}现在由谁来管",
    "{place}为什么要先试两个月",
    "我们看到{thing}已经用了起来，接下来还有什么打算",
    "有人说{thing}花钱太多，您怎么看",
)
PRODUCTS = (
    "OpenShelf 2.1",
    "PDF/A",
    "RFID 标签",
    "A4 纸",
    "https://example.org/books",
    "Wi-Fi 6",
    "3.5 GHz",
    "GB/T 3792",
)
MEMORIES = (
    "我小的时候，{place}还没有路灯，夜里走路全凭记性，哪里有坑，哪里有狗，都记得明明白白",
    "后来读书读到一句话，说水是有记性的，我不懂，去问{who}，{who}笑而不答",
    "东西旧了，反而舍不得丢：一只缺口的碗，一把断齿的梳子，{thing}，都摆在窗台上，谁来了都要看一眼",
    "这样的日子过了多少年，没有人数过",
    "如今再回{place}，路宽了，树高了，认得我的人却少了；{thing}倒还在",
    "我常想，一个地方的好处，要离开以后才说得出来",
)  # fmt: skip


def han(number: int) -> str:
    """Return a number below 100 as it is written in headings."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else NUMBER[tens - 1] + "十"
    return lead + (NUMBER[ones - 1] if ones else "")


def statute(random: Random, paragraphs: int) -> list[str]:
    """Return the paragraphs of a by-law: chapters, articles, some with items."""
    found: list[str] = []
    chapter = article = 0
    while len(found) < paragraphs:
        chapter += 1
        found.append(f"第{han(chapter)}章　{random.choice(POINTS)}")
        for _ in range(random.randint(2, 5)):
            article += 1
            found += _statute_article(random, article)
    return found


def _statute_article(random: Random, number: int) -> list[str]:
    lead = f"第{han(number)}条　{random.choice(PLACES)}的{random.choice(THINGS)}，{random.choice(DUTIES)}。"
    if random.random() < 0.3:
        items = random.sample(ITEMS, 3)
        ends = "；；。"
        return [lead + "下列物品应当登记：", *(f"（{han(n + 1)}）{items[n]}{ends[n]}" for n in range(3))]
    second = [f"{random.choice(PEOPLE)}{random.choice(DEEDS)}的，{random.choice(DUTIES)}。"]
    return [lead] + (second if random.random() < 0.4 else [])


def interview(random: Random, paragraphs: int) -> list[str]:
    """Return questions and answers, each one paragraph or more."""
    asks, answers = random.choice((("问：", "答："), ("记者：", "老馆长："), ("主持人：", "陈站长：")))
    found: list[str] = []
    while len(found) < paragraphs:
        place, who, thing = map(random.choice, (PLACES, PEOPLE, THINGS))
        found.append(f"{asks}{random.choice(ASKED).format(place=place, who=who, thing=thing)}？")
        answer = report(random, random.randint(1, 3))
        found += [answers + answer[0], *answer[1:]]
    return found


def speech(random: Random, paragraphs: int) -> list[str]:
    """Return a speech with numbered headings of two levels and numbered points."""
    found = ["同志们：", *report(random, 2)]
    number = 0
    while len(found) < paragraphs:
        number += 1
        found.append(f"{han(number)}、{random.choice(POINTS)}，{random.choice(POINTS)}")
        found += report(random, 1)
        for point in range(random.randint(2, 3)):
            opening = random.choice((f"（{han(point + 1)}）", f"第{han(point + 1)}，", f"{han(point + 1)}是"))
            found.append(f"{opening}{random.choice(POINTS)}。{report(random, 1)[0]}")
    return found


def essay(random: Random, paragraphs: int) -> list[str]:
    """Return paragraphs of memories: long sentences, short paragraphs among long ones."""
    return [
        "".join(_essay_sentence(random) for _ in range(random.choice((1, 1, 2, 3, 4, 6))))
        for _ in range(paragraphs)
    ]


def _essay_sentence(random: Random) -> str:
    place, who, thing = map(random.choice, (PLACES, PEOPLE, THINGS))
    clauses = random.sample(MEMORIES, random.randint(1, 2))
    return "，".join(clauses).format(place=place, who=who, thing=thing) + random.choice("。。。。！？")


def mixed(random: Random, paragraphs: int) -> list[str]:
    """Return Chinese paragraphs that hold English words, numbers, units and addresses."""
    return [
        "".join(
            f"{random.choice(PLACES)}用 {random.choice(PRODUCTS)} 登记{random.choice(THINGS)}，"
            f"共{random.randint(1, 999)}.{random.randint(0, 9)}%，{random.choice(RESULTS)}。"
            for _ in range(random.randint(1, 4))
        )
        for _ in range(paragraphs)
    ]
