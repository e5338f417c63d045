"""Somebody without a login who asks every address there is, and what they are told.

The addresses come from the URLconf: a new public route is asked too, or `addresses` says what it lacks.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from articles.authoring.images import Image, ImageRendition
from articles.authoring.models import ArticlePage
from articles.record.models import Rendition
from articles.record.vocabulary import SectionKind
from articles.sources.models import Source
from tests.gate.marked import MARK, picture

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
GUESSES = (
    "/{slug}/",
    "/articles/",
    "/articles/{slug}/",
    "/en/articles/{slug}/",
    "/pages/{pk}/",
    "/sitemap.xml",
    "/feed/",
    "/robots.txt",
    "/documents/1/drawn.png",
    "/images/1/original/",
    "/api/v2/pages/{pk}/",
    "/api/v1/pages/{pk}/",
    "/api/main/pages/{pk}/",
    "/static/{slug}",
    "/_util/authenticate_with_password/{pk}/1/",
)
FILES = ("/media/", "/editions/")
QUERIES = (
    *("q={mark}", "rich_text=portable", "rich_text=markdown", "locale=en", "locale=en-GB", "page_size=100"),
    *("order=-title", "facets=topic,kind,audience", "topic=asked-topic", "reviewed_after=2020-01-01"),
)
ASKED = (
    "/api/v1/changes/?include=articles",
    "/api/v1/changes/?include=articles&rich_text=portable",
    "/api/v1/resolve/?path=/{slug}/",
    "/api/v1/editions/?at=2099-01-01",
    "/api/v1/infobutton/?mainSearchCriteria.v.c=L65.9&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
    "/api/v1/infobutton/?mainSearchCriteria.v.dn={mark}&mainSearchCriteria.v.c=L65.9",
    "/api/v1/sections/?kind=risks",
)
ACCEPTED = ("application/json", "text/markdown", "application/ld+json", "application/atom+xml")
STRANGER = Client(raise_request_exception=False)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: str


def public_patterns() -> Iterator[tuple[str, str]]:
    """(route, name) of whatever the URLconf serves outside the admin."""
    for pattern in patterns():
        if not pattern[0].startswith("admin/"):
            yield pattern


def patterns(resolver=None, before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(route, name) of every view, with the namespaces before the name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, ":".join([*spaces, entry.name or route])
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from patterns(entry, route, inner)


def addresses(page: ArticlePage) -> list[str]:
    """Every address at which something of the article could be, asked by slug and by id."""
    found = [url for route, _ in public_patterns() for url in filled(route, page)]
    lists = ["/api/v1/articles/", f"/api/v1/articles/{page.slug}/", f"/api/v1/articles/{page.article_id}/"]
    asked = [f"{url}?{query.format(mark=MARK)}" for url in lists for query in QUERIES]
    guessed = [guess.format(slug=page.slug, pk=page.pk) for guess in GUESSES]
    asked += [url.format(slug=page.slug, mark=MARK) for url in ASKED]
    return [*found, *asked, *guessed, *files()]


def filled(route: str, page: ArticlePage) -> Iterator[str]:
    if route.startswith(("^", *(folder.lstrip("/") for folder in FILES))):
        return  # the catch-all below /api/; files are asked by name
    values = {
        "locale": ["en", "es"],
        "slug": [page.slug],
        "name": [page.slug, str(page.article_id), str(page.pk)],
        "kind": SectionKind.values,
        "number": ["1", "2"],
        "part": ["medical", "presentation", "offer"],
        "component": [str(component) for component in components(page)],
        "person": [str(row.person.person_id) for row in page.authors.all()],
        "source": [str(key) for key in Source.objects.filter(title__contains=MARK).values_list("source_id", flat=True)],
        "fixture": ["current"],
        "event": ["1", "2"],
        "code": ["not-found"],
        "file": ["320.png"],
        "rest": ["json-ld", "state", "sections", "editions", "page"],
    }
    names = PARAMETER.findall(route)
    lacking = [name for name in names if name not in values]
    assert not lacking, f"tests/gate/reader.py does not know what to ask {route} for: add values for {lacking}."
    for chosen in product(*(values[name] for name in names)):
        yield "/" + put(chosen, into=route)


def put(values: Iterable[str], *, into: str) -> str:
    """The route with its parameters replaced, in their order."""
    given = iter(values)
    return PARAMETER.sub(lambda _: next(given), into)


def components(page: ArticlePage) -> list:
    offers = [block.value["offer"] for block in page.body if block.block_type == "cta" and block.value["offer"]]
    shown = [row.disclaimer for row in page.disclaimers.all()]
    return [row.component_id for row in [*offers, *shown]]


def files() -> list[str]:
    """Every file that exists: uploads, the admin's renditions, readers' files."""
    names = [row.file.name for model in (Image, ImageRendition) for row in model.objects.all()]
    made = [str(path.relative_to(settings.EDITION_FILES_ROOT)) for path in settings.EDITION_FILES_ROOT.rglob("*.*")]
    named = set(made) | set(Rendition.objects.values_list("path", flat=True))
    return [f"/media/{name}" for name in names] + [f"/editions/{name}" for name in sorted(named)]


def ask(url: str, **headers: str) -> Answer:
    """What a stranger is told; a redirection is not followed, but its address is read."""
    STRANGER.cookies.clear()
    response = STRANGER.get(url, headers=headers or None)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(response.status_code, body, str(dict(response.headers)))


def tells(answer: Answer, *words: str) -> bool:
    """Whether the answer holds one of the words, or the marked picture."""
    text = answer.body.lower() + answer.headers.lower().encode()
    return any(word.lower().encode() in text for word in words) or picture() in answer.body


def leaks(page: ArticlePage, *words: str) -> list[str]:
    """Addresses that tell a stranger something of the article, give a file, or fail."""
    told = {url: ask(url) for url in addresses(page)}
    told |= {
        f"{url} as {kind}": ask(url, accept=kind)
        for url in addresses(page)
        if url.startswith("/api/") and "?" not in url
        for kind in ACCEPTED
    }
    return [
        f"{url} ({answer.status})"
        for url, answer in told.items()
        if answer.status >= 500 or tells(answer, *words or (MARK,)) or (url.startswith(FILES) and answer.status < 400)
    ]


def library(asked: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    """{address: what readers get there now}: the published bytes of everything, files included; without the log of the
    ledger, which grows with everything that anybody does."""
    told = {url: ask(url) for url in asked if not url.startswith("/api/v1/ledger/")}
    return {url: (answer.status, without_id(answer.body)) for url, answer in told.items()}


def without_id(body: bytes) -> bytes:
    """Without what each answer says of itself: a problem its request's id; feeds how far the ledger goes, until when
    they are good, and when an article was last composed."""
    body = re.sub(rb'"(cursor|next|valid_until|changed_at)":"[^"]*"|<updated>[^<]*</updated>', b"", body)
    return re.sub(rb'"request_id": "[0-9a-f]{32}"', b"", body)
