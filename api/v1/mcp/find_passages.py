"""`find_passages`: the sections that answer, by words, code, kind, aspect, audience and language; each article's in the
envelope without which no reader may see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from api.protocol.parameters import Parameter
from api.protocol.problems import InvalidParameter
from api.v1.mcp.messages import Json
from api.v1.mcp.shown import ENVELOPE, LIST, SECTIONS, STATEMENT, document, with_sections
from api.v1.mcp.texts import texts_in
from api.v1.mcp.tool import Answer, Tool
from api.v1.reading import cards, filters, portables, search
from articles.record import words
from articles.record.search import codes
from articles.record.search.stems import analyzer, is_asked_for, words_of
from articles.record.vocabulary import SectionKind

MOST, USUAL = 10, 5
NOT_SOUGHT = (SectionKind.CTA, SectionKind.SOURCES)  # offers and lists of sources: only if their kind is asked for
FACETS = ("code", "kind", "aspect", "audience")
ASKED = ("query", "code", "kind", "aspect")
FOUND = "These are the passages found, best match first. Show each one together with everything else in its result."
SOME_WORDS = " No article has all the words of the query: these have only some of them."
NOT_FOUND = "No published article matches. This says nothing about what is true."


def _limit(text: str) -> int:
    if not 1 <= int(text) <= MOST:
        raise ValueError(f"limit must be between 1 and {MOST}.")
    return int(text)


LIMIT = Parameter(
    "limit",
    "How many articles to give passages of.",
    default=USUAL,
    read=_limit,
    schema={"type": "integer", "minimum": 1, "maximum": MOST},
)


def no_filter() -> Json:
    """Every filter of the list of articles, none of them given."""
    return {row.name: () if row.repeats else row.default for row in filters.FILTERS}


def locales_for(locale: str | None) -> tuple[str, ...]:
    """`en-gb`, and `en` for what it lacks."""
    return tuple(dict.fromkeys((locale, words.base(locale)))) if locale else ()


def _run(asked: Json) -> Answer:
    if not any(asked[name] for name in ASKED):
        raise InvalidParameter("query", "required", "Say what you look for: give query, code, kind or aspect.")
    now, locales = timezone.now(), locales_for(asked["locale"])
    by = no_filter() | {name: (asked[name],) if asked[name] else () for name in FACETS} | {"locale": locales}
    said = search.read(asked["query"], locales) if asked["query"] else None
    found = _found(said, by, limit=asked["limit"], now=now)
    loaded = portables.load([card.article for card in found], now=now)
    results, texts = [], []
    for article in (loaded[card.article] for card in found if card.article in loaded):
        sections = _sections(article, asked, said)
        matched = {"matched": codes.matched(codes.facets(article["content"]), by["code"])} if by["code"] else {}
        results.append(with_sections(article, sections) | matched)
        texts.append(document(article, sections, beside=results[-1]))
    statement = (FOUND + ("" if found[0].has_all_words else SOME_WORDS)) if results else NOT_FOUND
    return Answer({"results": results, "statement": statement}, "\n\n".join([statement, *texts]))


def _found(said: search.Asked | None, by: Json, *, limit: int, now: datetime) -> list[cards.Card]:
    if said:
        return cards.search_for(said, by, None, limit=limit, now=now)
    return cards.fetch(by | {"order": cards.USUAL}, None, limit=limit, now=now)


def _sections(article: Json, asked: Json, said: search.Asked | None) -> list[Json]:
    """Those of the kind or aspect; of these, those that have most of the words. Where only the names of the article
    have them: all of the kind or aspect, else the first."""
    narrowed = bool(asked["kind"] or asked["aspect"])
    pool = [row for row in article["content"]["sections"] if _is_asked_for(row, asked, narrowed=narrowed)]
    if said is None:
        return pool
    language = article["content"]["language"]
    counts = [_count(row, said.of(language), analyzer(language)) for row in pool]
    most = max(counts, default=0)
    if not most:
        return pool if narrowed else pool[:1]
    return [row for row, count in zip(pool, counts, strict=True) if count == most]


def _is_asked_for(section: Json, asked: Json, *, narrowed: bool) -> bool:
    if not narrowed:
        return section["kind"] not in NOT_SOUGHT
    return asked["kind"] == section["kind"] or (asked["aspect"] or "") == section.get("aspect")


def _count(section: Json, stems: Sequence[str], by: str) -> int:
    """How many of the words that were asked for the section has."""
    said = set(words_of(" ".join(line for found in texts_in(section) for line in found.paragraphs)))
    return sum(any(is_asked_for(word, each, by) for word in said) for each in stems)


MATCHED = {"matched": LIST | {"description": "With code: the codes that matched, closest first, and how each did."}}
OUTPUT = {"type": "object", "properties": ENVELOPE | SECTIONS | MATCHED, "required": [*ENVELOPE, *SECTIONS]}
TOOL = Tool(
    name="find_passages",
    title="Find passages",
    description=(
        "Sections of medical articles that clinicians reviewed, with all that must be shown beside them. Give at least "
        "one of query, code, kind and aspect; all that you give must match. With query, the sections are those that "
        "have most of the words. A code finds what is on it, on a code below it, and on a category above it; `matched` "
        "says which. Ask for kind=risks or kind=seek-help before you tell somebody what to do."
    ),
    parameters=(
        replace(
            search.Q,
            name="query",
            help="Words to look for, in the language of the articles. A word that ends in * stands for every word that "
            "begins so. No other operators.",
        ),
        *(replace(row, repeats=False) for row in filters.FACETS if row.name in FACETS),
        replace(filters.LOCALE, repeats=False),
        LIMIT,
    ),
    required=(),
    output={"results": {"type": "array", "items": OUTPUT}} | STATEMENT,
    run=_run,
)
