"""`check_quote`: whether words stand in an edition in force exactly so, where, and what must be shown beside them.

White space, Unicode's composed forms (NFC) and the typography of quotation marks are folded, nothing else: a word, a
sign or a capital letter more or less is another text. The index says which articles have all the words; their texts are
compared, and only the articles that have the quotation are loaded. If none has it, articles are loaded that have all
the words in what is shown beside their text: notices, disclaimers, who paid.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from api.protocol import database
from api.protocol.parameters import Parameter
from api.protocol.problems import InvalidParameter
from api.v1.mcp.find_passages import locales_for, no_filter
from api.v1.mcp.get_article import ARTICLE, load
from api.v1.mcp.messages import Json
from api.v1.mcp.shown import ENVELOPE, STATEMENT, document, envelope
from api.v1.mcp.texts import texts_of
from api.v1.mcp.tool import Answer, Tool
from api.v1.reading import filters, portables, search
from api.v1.reading.lookup import LOCALE_PARAMETER
from articles.record.search.index import matching
from articles.record.search.stems import words_of

FEWEST_WORDS, MOST_CHARACTERS = 3, 2_000
WORDS_SOUGHT = 12  # the longest, which are the rarest
MOST_COMPARED, MOST_ARTICLES, MOST_PLACES = 50, 5, 5
MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛‹›", "'"))
WORD_BEGINS, WORD_ENDS = r"(?<!\w)(?<!\w['‐‑-])", r"(?!\w|['‐‑-]\w)"
NUMBER_BEGINS, NUMBER_ENDS = r"(?<![^\s(\[\"'])", r"(?!\w|[.,‐‑–−-]\d|%)"
VERBATIM = (
    "The article contains exactly these words. Read `context` before you quote: part of a sentence may mean the "
    "opposite. Show the quotation together with everything else in its match."
)
NOT_FOUND = (
    "No published article contains exactly these words: do not show them as a quotation. This says nothing about "
    "whether they are true."
)
NOT_ALL = (
    f" More than {MOST_COMPARED} articles have all these words, and only the newest {MOST_COMPARED} were compared: say "
    "which article you mean."
)


class Place(NamedTuple):
    """`context`: the paragraphs in which the quotation stands, as they are compared."""

    section: Json | None
    field: str
    context: str


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(MARKS).split())


def places_of(quote: str, article: Json) -> Iterator[Place]:
    """Each field that has the quotation, which is folded."""
    pattern = _pattern(quote)
    for text in texts_of(article):
        paragraphs = [folded(paragraph) for paragraph in text.paragraphs]
        if found := pattern.search(" ".join(paragraphs)):
            yield Place(text.section, text.field, _context(paragraphs, *found.span()))


def _pattern(quote: str) -> re.Pattern[str]:
    """Whole words and whole numbers with their signs: no “men …” in “women …”, “… you can” in “… you can't”, “invasive
    …” in “non-invasive …”, “5 mg …” in “0.5 mg …”."""
    before = NUMBER_BEGINS if quote[0].isdigit() else WORD_BEGINS if quote[0].isalpha() else ""
    after = NUMBER_ENDS if quote[-1].isdigit() else WORD_ENDS if quote[-1].isalpha() else ""
    return re.compile(before + re.escape(quote) + after)


def _context(paragraphs: Iterable[str], start: int, end: int) -> str:
    touched, at = [], 0
    for paragraph in paragraphs:
        if at < end and at + len(paragraph) > start:
            touched.append(paragraph)
        at += len(paragraph) + 1
    return " ".join(touched)


def _read_quote(text: str) -> str:
    if len(folded(text).split()) < FEWEST_WORDS:
        raise ValueError(f"quote must have at least {FEWEST_WORDS} words: fewer stand in many texts by chance.")
    return folded(text)


def _run(asked: Json) -> Answer:
    quote, is_all, now = asked["quote"], True, timezone.now()
    if asked["article"]:
        articles = [load(asked["article"], locale=asked["locale"], now=now)]
    else:
        words, where = _sought(quote, asked["locale"], now)
        rows = _candidates(words.all_words, where)
        pattern = _pattern(quote)
        have = [row for row in rows[:MOST_COMPARED] if pattern.search(folded("\n".join(row[1:])))][:MOST_ARTICLES]
        beside = [] if have else _candidates(words.all_beside, where)
        is_all = max(len(rows), len(beside)) <= MOST_COMPARED
        ids = [database.read_uuid(row[0]) for row in have or beside[:MOST_COMPARED]]
        loaded = portables.load(ids, now=now)
        articles = [loaded[key] for key in ids if key in loaded]
    found = [(article, places) for article in articles if (places := list(places_of(quote, article))[:MOST_PLACES])]
    found = found[:MOST_ARTICLES]
    return _answer(quote, found, is_all=is_all)


def _sought(quote: str, locale: str | None, now: datetime) -> tuple[search.Asked, filters.Conditions]:
    """Its longest words, and where to look for them."""
    locales = locales_for(locale)
    longest = sorted(dict.fromkeys(words_of(quote)), key=len)[-WORDS_SOUGHT:]
    try:
        said = search.read(" ".join(longest), locales)
    except InvalidParameter as error:
        detail = "quote has only words that every text has: quote more of the sentence, or say in which article."
        raise InvalidParameter("quote", "empty", detail) from error
    return said, filters.where(no_filter() | {"locale": locales}, now=now)


def _candidates(query: str, where: filters.Conditions) -> list[database.Row]:
    """Those that the index gives, the newest first; one more than are compared."""
    conditions, parameters = where
    sql = (
        f"SELECT p.article, s.names, s.summary, s.text FROM {matching()} "
        f"CROSS JOIN record_searchtext s WHERE s.article = p.article AND {' AND '.join(conditions)} "
        f"ORDER BY m.rowid DESC LIMIT {MOST_COMPARED + 1:d}"
    )
    return database.fetch(sql, [query, *parameters])


def _answer(quote: str, found: list[tuple[Json, list[Place]]], *, is_all: bool) -> Answer:
    statement = (VERBATIM if found else NOT_FOUND) + ("" if is_all else NOT_ALL)
    matches, texts = [], [statement]
    for article, places in found:
        sections = list({place.section["id"]: place.section for place in places if place.section}.values())
        beside = envelope(article, sections)
        matches.append(beside | {"places": [_place(place) for place in places]})
        texts += [_said(place) for place in places]
        texts.append(document(article, (), beside=beside))
    return Answer({"verbatim": bool(found), "quote": quote, "matches": matches, "statement": statement}, _join(texts))


def _place(place: Place) -> Json:
    section = place.section
    return {
        "section": section and {name: section[name] for name in ("id", "kind", "importance", "heading")},
        "field": place.field,
        "context": place.context,
    }


def _said(place: Place) -> str:
    where = f"section “{place.section['heading'] or place.section['kind']}”" if place.section else "article"
    return f"In the {where}, `{place.field}`:\n\n{_quoted(place.context)}"


def _quoted(text: str) -> str:
    """As a code block, in which no sign means anything else."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}\n{text}\n{fence}"


def _join(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip() for text in texts) + "\n"


PLACE = {
    "type": "object",
    "properties": {
        "section": {"type": ["object", "null"], "description": "null: outside the sections."},
        "field": {"type": "string", "description": "For example `text`, `title`, `notices[0].text`, `sponsorship`."},
        "context": {"type": "string", "description": "The paragraphs in which it stands, with folded white space."},
    },
    "required": ["section", "field", "context"],
}
MATCH = {
    "type": "object",
    "properties": ENVELOPE | {"places": {"type": "array", "items": PLACE}},
    "required": [*ENVELOPE, "places"],
}
TOOL = Tool(
    name="check_quote",
    title="Check a quotation",
    description=(
        "Whether a published article, or a notice, a disclaimer or the sponsorship shown with it, contains exactly "
        "these words; if so, where, and what must be shown beside them. White space, Unicode NFC and the typography of "
        "quotation marks do not count; everything else does. Leave out the numbers of citations. Not found says "
        "nothing about whether the sentence is true."
    ),
    parameters=(
        Parameter(
            "quote",
            f"The words, at least {FEWEST_WORDS} of them.",
            max_length=MOST_CHARACTERS,
            read=_read_quote,
        ),
        ARTICLE,
        LOCALE_PARAMETER,
    ),
    required=("quote",),
    output={
        "verbatim": {"type": "boolean"},
        "quote": {"type": "string", "description": "The words as they were compared."},
        "matches": {"type": "array", "items": MATCH},
    }
    | STATEMENT,
    run=_run,
)
