"""A composed article (portable form) as one CommonMark document, with everything that readers must see. Pure.

The whole document is written as Portable Text, so that the one writer of Markdown escapes every word. Only anchors,
tables (as HTML, which CommonMark allows and has no other form for) and pictures stand beside it. Of a section it says
what `html` says, in the same order; it adds fixed words (articles.record.words), and what leads to references.
Source: docs/json.md, *What you must show*; https://spec.commonmark.org/0.31.2/.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from articles.record.delivery.content.markdown import NOTHING, picture_as_markdown, to_markdown
from articles.record.delivery.content.portable_text import SCHEMES, Block, Shown, section_key
from articles.record.delivery.content.section_media import WEBP, offer_href, reference_links, table_html
from articles.record.delivery.exports.lines import Span, cited, item_of, line, lines, link, say, sentence, word
from articles.record.delivery.exports.seen_first import seen_first
from articles.record.delivery.forms import shown_of
from articles.record.vocabulary import SectionKind, SourceStatus

Json = dict[str, Any]
Piece = Block | str  # a string is Markdown already
UNNAMED = (SectionKind.INTRODUCTION, SectionKind.PROSE, SectionKind.FIGURE, SectionKind.TABLE, SectionKind.CTA)
END_OF_LIST = NOTHING  # two lists that touch would be one


def as_markdown(article: Json) -> str:
    """`# Title`, what must be seen first, the sections, the references, the disclaimers, and where it comes from."""
    shown = shown_of(article)
    content = article["content"]
    pieces = [
        line((content["title"], ""), style="h1"),
        *seen_first(article, shown),
        *lines([(content["summary"], "")]),
        *_picture(_hero(content["hero"])),
        *(piece for section in content["sections"] for piece in _section(section, content, shown)),
        *_unlisted_references(content, shown),
        *_about(content, shown),
        *_related(content, shown),
        *_disclaimers(content, shown),
        *_origin(article, shown),
    ]
    return _joined(pieces, shown) + "\n"


def section_as_markdown(section: Json, article: Json) -> str:
    """One section of the article, with the anchor that links to it lead to."""
    shown = shown_of(article)
    return _joined(_section(section, article["content"], shown), shown)


def _joined(pieces: Iterable[Piece], shown: Shown) -> str:
    """Blocks that follow each other are written together, so that items are one list."""
    made: list[str] = []
    blocks: list[Block] = []
    for piece in pieces:
        if isinstance(piece, dict):
            blocks.append(piece)
        elif piece != END_OF_LIST or (blocks and "listItem" in blocks[-1]):
            made += [to_markdown(blocks, shown), piece]
            blocks = []
    return "\n\n".join(text for text in (*made, to_markdown(blocks, shown)) if text)


def _list(items: Iterable[Block]) -> list[Piece]:
    """Items that are a list of their own: it does not go on with the list before it."""
    found = list(items)
    return [END_OF_LIST, *found] if found else []


def _heading(text: str) -> Block:
    return line((text, ""), style="h2")


def _subheading(text: str) -> Block:
    return line((text, ""), style="h3")


def _hero(hero: Json | None) -> Json | None:
    """The picture with its files and its credit, as a figure has them."""
    if not hero:
        return None
    credit = (hero["presentation"] or {"credit": ""})["credit"]
    return hero["medical"] | {"caption": "", "credit": credit, "renditions": hero["renditions"]}


# Sections.


def _section(section: Json, content: Json, shown: Shown) -> Iterator[Piece]:
    kind = section["kind"]
    heading = section["heading"] or ("" if kind in UNNAMED else word("section-kind", kind, shown))
    yield _anchor(section_key(section["id"]))
    if heading:
        yield _heading(heading)
    yield from section["text"]
    yield from _more(section, content, shown)


def _more(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    """The kind's own fields, after heading and text."""
    write = OWN_FIELDS.get(section["kind"])
    return write(section, content, shown) if write else ()


def _causes(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return _list(_cause(item, shown) for item in section["items"])


def _cause(item: Json, shown: Shown) -> Block:
    codes = "".join(f" ({_code(row, shown)})" for row in item["codes"])
    return item_of((item["name"], "strong"), sentence(item["text"]), cited(item), (codes, ""))


def _code(row: Json, shown: Shown) -> str:
    name = f": {row['display']}" if row.get("display") else ""
    return f"{word('code-system', row['system'], shown)} {row['code']}{name}"


def _mechanism(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return [*_list(_step(step, shown) for step in section["steps"]), *_picture(section["figure"])]


def _step(step: Json, shown: Shown) -> Block:
    action = word("mechanism-action", step["action"], shown)
    said = f"{action[:1].upper()}{action[1:]} " if action else ""
    return item_of((said, ""), (step["target"], "strong"), sentence(step["outcome"]), cited(step), kind="number")


def _evidence(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return (piece for finding in section["findings"] for piece in _finding(finding, shown))


def _finding(finding: Json, shown: Shown) -> Iterator[Piece]:
    """The statement with how certain it is, then what was studied."""
    facts = {
        "studied-in": word("subjects", finding["subjects"], shown),
        "population": finding["population"],
        "sample-size": str(finding["sample_size"] or ""),
        "effect": finding["effect"],
        "comparator": finding["comparator"],
        "absolute": finding["absolute"],
        "certainty-basis": word("certainty-basis", finding["certainty_basis"], shown),
    }
    yield line((finding["statement"], "strong"), cited(finding))
    if finding["certainty"]:
        yield line((word("certainty", finding["certainty"], shown), "strong"))
    yield from _list(item_of((f"{say(key, shown)}: {value}", "")) for key, value in facts.items() if value)


def _risks(section: Json, content: Json, shown: Shown) -> Iterator[Piece]:
    lists = {
        "side-effects": [_effect(row, shown) for row in section["effects"]],
        "who-should-be-careful": [_caution(row, shown) for row in section["cautions"]],
        "interactions": [
            item_of((row["name"], "strong"), sentence(row["advice"]), cited(row)) for row in section["interactions"]
        ],
    }
    for key, items in lists.items():
        if items:
            yield from (_subheading(say(key, shown)), *items)


def _effect(effect: Json, shown: Shown) -> Block:
    facts = "; ".join(filter(None, (word(name, effect[name], shown) for name in ("frequency", "severity", "route"))))
    return item_of((effect["name"], "strong"), (f": {facts}" if facts else "", ""), cited(effect))


def _caution(caution: Json, shown: Shown) -> Block:
    level = word("caution-level", caution["level"], shown)
    said = (f": {level}" if level else ""), ""
    return item_of((caution["group"], "strong"), said, sentence(caution["advice"]), cited(caution))


def _help(section: Json, content: Json, shown: Shown) -> Iterator[Piece]:
    yield from lines([(word("help-level", section["level"], shown), "strong")])
    yield from _list(item_of((sign, "")) for sign in section["signs"])
    yield from lines([(section["action"], "strong")])


def _faq(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return (piece for item in section["items"] for piece in (_subheading(item["question"]), *item["answer"]))


def _figure(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return _picture(section["figure"])


def _picture(figure: Json | None) -> Iterator[Piece]:
    """The largest file that every client reads; caption and credit."""
    if not figure:
        return
    files = [row for row in figure["renditions"] if row["type"] != WEBP]
    if files:
        yield picture_as_markdown(figure["alt"], max(files, key=lambda row: row["width"])["url"])
    yield from lines(
        [(figure["caption"], ""), (" " if figure["caption"] else "", ""), (figure["credit"], "em")],
    )


def _table(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    """As HTML on one line: an empty line would end it."""
    html = table_html(section["table"])
    return [html.replace("\r", " ").replace("\n", " ")] if html else []


def _offer(section: Json, content: Json, shown: Shown) -> Iterator[Piece]:
    """What is offered, where it leads, and who earns from it; nothing of an offer that is limited to markets, since
    nobody here knows where the reader is."""
    offer = section["offer"]
    if not offer or offer["scope"]["markets"]:
        return
    href = offer_href(offer["target"])
    is_linked = href.lower().startswith(SCHEMES)
    yield from lines(
        [(offer["text"], "")],
        [link(offer["label"], href)] if is_linked else [(": ".join(filter(None, (offer["label"], href))), "")],
        [(offer["disclosure"], "em")],
    )


def _sources(section: Json, content: Json, shown: Shown) -> Iterable[Piece]:
    return _references([row for row in content["references"] if row["number"] in section["references"]], shown)


OWN_FIELDS: dict[str, Callable[[Json, Json, Shown], Iterable[Piece]]] = {
    SectionKind.CAUSES: _causes,
    SectionKind.MECHANISM: _mechanism,
    SectionKind.EVIDENCE: _evidence,
    SectionKind.RISKS: _risks,
    SectionKind.SEEK_HELP: _help,
    SectionKind.FAQ: _faq,
    SectionKind.FIGURE: _figure,
    SectionKind.TABLE: _table,
    SectionKind.CTA: _offer,
    SectionKind.SOURCES: _sources,
}


# Below the text.


def _references(rows: Iterable[Json], shown: Shown) -> list[Piece]:
    """Each in a paragraph that says its number: lists count for themselves."""
    return [_reference(row, shown) for row in rows]


def _reference(row: Json, shown: Shown) -> str:
    status = row["source_status"] if row["source_status"] != SourceStatus.STANDING else None
    since = f" ({row['source_status_since']})" if status and row["source_status_since"] else ""
    links = [span for key, href in reference_links(row) for span in ((" ", ""), link(say(key, shown), href))]
    mark: Span = (f"{word('source-status', status, shown)}{since}. " if status else "", "strong")
    made = line((f"[{row['number']}] ", ""), mark, (row["text"]["ama"], ""), *links)
    return _anchor(f"reference-{int(row['number'])}") + to_markdown([made], shown)


def _unlisted_references(content: Json, shown: Shown) -> Iterator[Piece]:
    """Those that no section of sources lists."""
    listed = {
        number for row in content["sections"] if row["kind"] == SectionKind.SOURCES for number in row["references"]
    }
    rest = [row for row in content["references"] if row["number"] not in listed]
    if rest:
        yield _heading(word("section-kind", SectionKind.SOURCES, shown))
        yield from _references(rest, shown)


def _about(content: Json, shown: Shown) -> Iterator[Piece]:
    """Codes, and substances with their regulatory status by market."""
    if not content["substances"] and not content["codes"]:
        return
    yield _heading(say("about", shown))
    for row in content["substances"]:
        code = f" ({_code(row, shown)})" if row["code"] else ""
        said = "; ".join(_stated(item, shown) for item in row["status"]) or say("status-not-stated", shown)
        yield item_of((row["name"], "strong"), (f"{code}. {said}", ""))
    for row in content["codes"]:
        yield item_of((_code(row, shown), ""))


def _stated(item: Json, shown: Shown) -> str:
    status = word("regulatory-status", item["status"], shown) or say("status-not-stated", shown)
    return f"{item['market']}: {status}"


def _related(content: Json, shown: Shown) -> Iterator[Piece]:
    targets = [row["resolved"] for row in content["related"] if row["resolved"]]
    if targets:
        yield _heading(say("related-articles", shown))
        yield from (item_of(link(target["title"], target["web_url"])) for target in targets)


def _disclaimers(content: Json, shown: Shown) -> Iterator[Piece]:
    texts = [row["text"] for row in content["disclaimers"] if row["text"]]
    if texts:
        yield _heading(say("disclaimers", shown))
        for text in texts:
            yield from text
            yield END_OF_LIST


def _origin(article: Json, shown: Shown) -> Iterator[Piece]:
    """Where the article stands, as a page and as JSON, and which edition this is."""
    edition = article["edition"]
    given = {"number": edition["number"], "date": edition["published_at"][:10], "digest": edition["digests"]["medical"]}
    yield "---"
    yield line((f"{say('web-page-of-article', shown)}: ", ""), link(article["web_url"], article["web_url"]))
    yield line((f"{say('json-of-article', shown)}: ", ""), link(article["url"], article["url"]))
    yield line((say("edition-of", shown, **given), ""))


def _anchor(key: str) -> str:
    """What links inside the document lead to."""
    return f'<a id="{key}"></a>'
