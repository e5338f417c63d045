"""Everybody who asks every address for everything: what is told, and whether it betrays what nobody may know.

A request that names something hidden (a draft's address, a word of its text) must get the same answer, by the same
queries, as one that names what does not exist. No answer holds a hidden word or name that the request did not hold.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import connection
from django.test import Client

from api.v1.mcp import methods
from api.v1.mcp.versions import CAPABILITIES, VERSION
from articles.record.models import Event
from articles.record.vocabulary import SectionKind
from tests.gate.canaries import FORM, UUID_FORM, House, canaries_in, new_word
from tests.gate.reader import GUESSES, PARAMETER, public_patterns, put

NOWHERE = new_word()
HEADERS: tuple[dict[str, str], ...] = (
    {"accept": "application/json"},
    {"accept": "text/markdown"},
    {"accept": "application/ld+json"},
    {"accept": "application/atom+xml"},
    {"accept": "text/html,*/*;q=0.1", "accept-language": "es"},
    {"accept": "application/x-nobody-serves-this"},
    {"prefer": "vetted=tomorrow"},
    {"if-none-match": "*"},
    {"if-modified-since": "Tue, 01 Jan 2099 00:00:00 GMT"},
    {"range": "bytes=0-99"},
    {"accept-encoding": "gzip"},
    {"x-forwarded-host": "evil.example", "x-original-url": "/admin/", "x-http-method-override": "PATCH"},
    {"mcp-protocol-version": "2026-07-28", "origin": "https://elsewhere.example"},
)
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
DETAIL = ("", "rich_text=portable", "rich_text=markdown", "fields=content", "locale=es", "locale=en-GB", "preview=1")
FILTERS = (
    *("kind=risks", "kind=cta", "aspect=symptoms", "audience=patient", "article_type=condition", "certainty=very-low"),
    *("locale=en", "locale=es", "locale=en-GB", "reviewed_after=2020-01-01", "updated_after=2020-01-01"),
    *("code=icd-10-cm|L65.9", "code=icd-10-cm|M72.0", "code=icd-10-cm|M72", "topic=topic-of-plain"),
    *("topic=topic-of-draft", "topic=topic-of-changed", "topic=topic-of-embargoed", "topic=topic-of-withdrawn"),
)
HIDDEN_CODES = {"M72.0": "M73.0", "M72": "M73"}
ORDERS = tuple(f"order={name}" for name in ("title", "-title", "published_at", "-published_at"))
EVERY_FACET = "facets=topic,code,audience,article_type,kind,aspect,certainty"
WRONG = ("preview=1", "draft=true", "state=draft", "live=false", "fields=*", "as_of=2099-01-01", "cursor=x")
CODED = "mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c="


@dataclass(frozen=True)
class Expected:
    """What an address is expected to do: whether it tells words that readers may get, and with which queries it is
    asked. `words`: a query that is asked with each hidden word."""

    tells: bool
    queries: tuple[str, ...] = ("",)
    words: str = ""


# A new address needs a line here.
EXPECTED = {
    "home": Expected(True),
    "read": Expected(True),
    "media/<path:path>": Expected(False),
    "api:articles": Expected(
        True,
        ("", EVERY_FACET, "page_size=1", "fields=id,content.title", "page_size=100", *ORDERS, *FILTERS, *WRONG),
        words=f"q={{word}}&{EVERY_FACET}",
    ),
    "api:article": Expected(True, DETAIL),
    "api:sections": Expected(True, ("", "rich_text=markdown", "locale=es")),
    "api:sections-of-kind": Expected(True, ("", "rich_text=portable")),
    "api:json-ld": Expected(True, ("", "locale=es")),
    "api:article-state": Expected(False, ("", "locale=es")),
    "api:editions": Expected(True, ("", "at=2099-01-01", "locale=es")),
    "api:edition": Expected(True),
    "api:edition-changes": Expected(True, ("", "from=1", "from=2")),
    "api:part": Expected(True),
    "api:component-edition": Expected(True),
    "api:root": Expected(False),
    "api:vocabulary": Expected(False, ("", "locale=es")),
    "api:locales": Expected(False),
    "api:people": Expected(True),
    "api:person": Expected(True),
    "api:source": Expected(True),
    "api:resolve": Expected(
        False,
        tuple(f"path=/{name}" for name in ("imported/", "unwanted/", "slug-of-draft/", "slug-of-plain/", "admin/")),
        words="path=/{word}/",
    ),
    "api:passages": Expected(True, ("page_size=1&kind=risks", *FILTERS, *WRONG)),
    "api:changes": Expected(
        True,
        (
            *("", "page_size=1", "include=articles", "locale=es", "locale=en"),
            *("include=articles&rich_text=portable", "include=articles&rich_text=markdown", "cursor=x", "state=draft"),
        ),
    ),
    "api:topics": Expected(True),
    "api:infobutton": Expected(
        True,
        (f"{CODED}L65.9", f"{CODED}M72.0", f"{CODED}L65.9&knowledgeResponseType=application/json"),
        words=f"{CODED}M72.0&mainSearchCriteria.v.dn={{word}}",
    ),
    "api:keys": Expected(False, ("", "after=1", "page_size=1")),
    "api:organisation": Expected(False),
    "api:ledger-head": Expected(False),
    "api:ledger-proof": Expected(False),
    "api:ledger-consistency": Expected(False, ("from=1", "from=1&to=2", "from=0", "")),
    "api:mcp": Expected(True),
    "api:api/v1/mcp": Expected(True),
    "api:fixtures": Expected(False),
    "api:fixture": Expected(False, ("", "rich_text=portable", "fields=content")),
    "api:fixture-below": Expected(False),
    "api:fixture-changes": Expected(False, ("", "include=articles", "cursor=x")),
    "api:fixture-problem": Expected(False),
    "api:fixture-picture": Expected(False),
    "api:openapi": Expected(False),
    "api:docs": Expected(False),
    "api:healthz": Expected(False),
    "api:readyz": Expected(False),
    "api:edition-file": Expected(False),
    "api:unknown": Expected(False),
}


@dataclass(frozen=True)
class Ask:
    """One request. `route`: the name of the address."""

    route: str
    url: str
    body: str = ""
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return f"{self.url} {self.body}"

    def __str__(self) -> str:
        return " ".join([self.method, self.url, self.body, *(f"{name}: {value}" for name, value in self.headers)])


@dataclass(frozen=True)
class Heard:
    """An answer; `queries` are the statements that it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    queries: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.body} {self.headers}"

    @property
    def said(self) -> tuple[int, tuple[tuple[str, str], ...], str]:
        return self.status, self.headers, self.body


@dataclass
class Found:
    """`faults`: what must not be, for people. `told`: the public words that each address told. `heard`: each answer."""

    faults: list[str] = field(default_factory=list)
    told: dict[str, set[str]] = field(default_factory=dict)
    heard: dict[Ask, Heard] = field(default_factory=dict)


class Crawl:
    """`ask(client, asks)` looks at every answer by itself."""

    def __init__(self, house: House) -> None:
        self.house, self.twins = house, twins_of(house)
        self.known: dict[Ask, Heard] = {}
        self.tokens = re.compile("|".join(sorted(map(re.escape, self.twins), key=len, reverse=True)))
        self.never = set(house.canaries.never)
        names = {name for kind in ("name", "component", "source", "person") for name in house.hidden[kind]}
        self.names = re.compile("|".join(map(re.escape, names - house.linked)))

    def ask(self, client: Client, asks: Iterable[Ask], *, is_by_same_queries: bool = True) -> Found:
        found, waiting = Found(), list(asks)
        self.known.clear()
        seen = set(waiting)
        while waiting:
            ask = waiting.pop()
            heard = found.heard[ask] = send(client, ask)
            found.told.setdefault(ask.route, set()).update(canaries_in(heard.text) & set(self.house.canaries.public))
            found.faults += [f"{ask}: {fault}" for fault in self.faults(client, ask, heard, is_by_same_queries)]
            if (after := following(ask, heard)) and after not in seen:
                seen.add(after)
                waiting.append(after)
        return found

    def faults(self, client: Client, ask: Ask, heard: Heard, is_by_same_queries: bool) -> Iterator[str]:
        if heard.status >= 500:
            yield f"fails with {heard.status}"
        for word in canaries_in(heard.text) & self.never - canaries_in(ask.text):
            yield f"tells {word}, {self.house.canaries.never[word]}"
        for name in set(self.names.findall(heard.text)) - set(self.names.findall(ask.text)):
            yield f"names {name}"
        twin = self.twin(ask)
        if twin != ask:
            other = self.known.get(twin) or self.known.setdefault(twin, send(client, twin))
            yield from differences(neutral(heard, ask), self.as_if(neutral(other, twin), ask), is_by_same_queries)

    def twin(self, ask: Ask) -> Ask:
        """The same request for what does not exist."""
        url, body = (
            FORM.sub(NOWHERE, self.tokens.sub(lambda at: self.twins[at[0]], text)) for text in (ask.url, ask.body)
        )
        return replace(ask, url=url, body=body)

    def as_if(self, heard: Heard, ask: Ask) -> Heard:
        """The answer as it would read with the names and words of the request that it is compared with."""
        back = [(self.twins[name], name) for name in self.tokens.findall(ask.text)]
        back += [(NOWHERE, word) for word in FORM.findall(ask.text)]
        body, headers = heard.body, heard.headers
        for twin, name in back:
            body = body.replace(twin, name)
            headers = tuple((key, value.replace(twin, name)) for key, value in headers)
        return replace(heard, body=body, headers=headers)


def differences(one: Heard, other: Heard, is_by_same_queries: bool) -> Iterator[str]:
    if one.status != other.status:
        yield f"answers {one.status}, and {other.status} for what does not exist"
    elif one.headers != other.headers:
        yield f"has other headers than for what does not exist: {sorted(set(one.headers) ^ set(other.headers))}"
    elif one.body != other.body:
        at = next((at for at, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), 0)
        said = [heard.body[max(0, at - 80) : at + 80] for heard in (one, other)]
        yield f"says “{said[0]}”, and “{said[1]}” of what does not exist"
    elif is_by_same_queries and one.queries != other.queries:
        yield f"takes {len(one.queries)} queries, and {len(other.queries)} for what does not exist"


def twins_of(house: House) -> dict[str, str]:
    """{hidden name: a name of the same length that does not exist}. A draft with an old address: one without."""
    found = HIDDEN_CODES | {"imported/": "unwanted/"}
    for kind in ("name", "component", "source", "person", "topic", "file", "media"):
        found |= {name: _twin(name, kind) for name in house.hidden[kind]}
    return found


def _twin(name: str, kind: str) -> str:
    if UUID_FORM.fullmatch(name):
        return str(uuid5(NAMESPACE_URL, name))
    if kind == "file":
        return name[63::-1] + name[64:]
    return name.replace("-of-", "-fo-") if "-of-" in name else name[:-5] + "x" + name[-4:]


def neutral(heard: Heard, ask: Ask) -> Heard:
    """Without what follows from the address itself: the id of a feed, and the ETag of bytes that hold either."""
    headers = tuple((name, value) for name, value in heard.headers if name != "ETag")
    feed = str(uuid5(NAMESPACE_URL, f"{settings.PUBLIC_URL}{ask.url}"))
    return replace(heard, headers=headers, body=heard.body.replace(feed, "the feed's id"))


def send(client: Client, ask: Ask) -> Heard:
    queries: list[str] = []

    def note(execute: Callable, sql: str, *rest: object) -> object:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        headers = {"x-request-id": "crawl"} | dict(ask.headers)
        given = {"data": ask.body, "content_type": "application/json"} if ask.body else {}
        answer = client.generic(ask.method, ask.url, headers=headers, **given)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    names = tuple(sorted((name, value) for name, value in answer.items()))
    cookies = tuple(("Set-Cookie", str(cookie)) for cookie in answer.cookies.values())
    return Heard(answer.status_code, names + cookies, body.decode("utf-8", "replace"), tuple(queries))


def following(ask: Ask, heard: Heard) -> Ask | None:
    """The next page, where pages are walked."""
    if "page_size=1&" not in f"{ask.url}&" or ask.method != "GET" or heard.status != 200:
        return None
    said = json.loads(heard.body)
    if not said.get("next") or said.get("has_more") is False:
        return None
    parts = urlsplit(said["next"])
    return replace(ask, url=f"{parts.path}?{parts.query}")


# What is asked


def everything(house: House, words: Iterable[str]) -> Iterator[Ask]:
    """Every address with everything that it could be asked for, and each of these words."""
    words = list(words)
    for route, name in public_patterns():
        if f"api:{name}" in EXPECTED:  # the delivery process has its addresses without a namespace
            name = f"api:{name}"
        expected = EXPECTED.get(name)
        assert expected, f"tests/gate/crawl.py does not know what to expect of {route}: add “{name}” to EXPECTED."
        if name in ("api:mcp", "api:api/v1/mcp"):  # one view at two addresses
            asked = messages(house, words if name == "api:mcp" else [])
            yield from (Ask(name, f"/{route}", body, "POST") for body in asked)
            continue
        for path in paths(route, name, house):
            yield from (Ask(name, f"{path}?{query}" if query else path) for query in expected.queries)
            yield from (Ask(name, f"{path}?{expected.words.format(word=word)}") for word in words if expected.words)


def paths(route: str, name: str, house: House) -> Iterator[str]:
    if route.startswith("^"):
        yield from ("/api", "/api/", "/api/v1/articles", "/api/v1/preview/slug-of-draft/", "/api/v1/drafts/")
        yield from (guess.format(slug="slug-of-draft", pk=1) for guess in GUESSES)
        return
    values = {
        "locale": ["en", "es"],
        "slug": [found for found in house.names("name") if not UUID_FORM.fullmatch(found)],
        "name": [*house.names("name"), "1"],
        "kind": [SectionKind.RISKS, SectionKind.CTA, "drafts"],
        "number": ["1", "2", "3"],
        "part": ["medical", "presentation", "offer"],
        "component": [*house.names("component")],
        "person": [*house.names("person")],
        "source": [*house.names("source")],
        "fixture": ["current", "withdrawn", "slug-of-draft"],
        "rest": ["json-ld", "state", "sections/risks", "editions/1/parts/medical", "page"],
        "code": ["withdrawn", "slug-of-draft"],
        "event": [str(number) for number in Event.objects.values_list("number", flat=True)],
        "file": ["320.png", "slug-of-draft"],
        "path": [*house.names("media" if route.startswith("media") else "file")],
    }
    names = PARAMETER.findall(route)
    lacking = [parameter for parameter in names if parameter not in values]
    assert not lacking, f"tests/gate/crawl.py does not know what to ask {route} for: add values for {lacking}."
    for chosen in product(*(values[parameter] for parameter in names)):
        yield "/" + put(chosen, into=route)


def messages(house: House, words: Iterable[str]) -> Iterator[str]:
    """To assistants' tools."""
    yield message("initialize", {"protocolVersion": "2025-11-25"})
    yield message("tools/list", {})
    yield message("tools/call", {"name": "open_draft", "arguments": {"article": "slug-of-draft"}})
    yield message("server/discover", {"_meta": {VERSION: "2026-07-28", CAPABILITIES: {}}})
    assert set(methods.TOOLS) == {"get_article", "find_passages", "check_quote"}, "A new tool: ask it here."
    for name in house.names("name"):
        yield call("get_article", article=name)
        yield call("get_article", article=name, locale="es")
        yield call("check_quote", article=name, quote="stands in the title")
    for place in ("title", "new title", "summary", "disclaimer", "hero_alt"):
        yield call("check_quote", quote=f"in the {place}")
    for given in ({"code": "icd-10-cm|L65.9"}, {"code": "icd-10-cm|M72.0"}, {"kind": "risks"}, {"aspect": "symptoms"}):
        yield call("find_passages", limit=10, **given)
    for word in words:
        yield call("find_passages", query=word)
        yield call("check_quote", quote=f"{word} stands in the")


def message(method: str, params: dict) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})


def call(tool: str, **arguments: object) -> str:
    return message("tools/call", {"name": tool, "arguments": arguments})


def varied(asks: Iterable[Ask], *, is_all: bool) -> Iterator[Ask]:
    """Each as it is, and with other headers and methods: with all of them, or with the next in turn."""
    headers = [{"headers": tuple(row.items())} for row in HEADERS]
    variants = [*headers, *({"method": method} for method in METHODS)]
    for at, ask in enumerate(asks):
        yield ask
        for more in variants if is_all else [variants[at % len(variants)]]:
            yield replace(ask, **more)
