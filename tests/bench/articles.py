"""The same published article many times over, for each side that is measured: `python -m tests.bench.articles 1000`.

One article goes through the real workflow; its rows are copied, each with its own id, slug and title. So the bytes are
what publishing writes, and a request for any of them costs the same. Prints {slugs, pages}.
"""

import gzip
import hashlib
import json
import sys
from copy import copy
from datetime import timedelta
from uuid import UUID, uuid4

import django

django.setup()

from django.core.files.images import ImageFile  # noqa: E402 - after setup
from django.db import connection, transaction  # noqa: E402
from wagtail.images.tests.utils import get_test_image_file  # noqa: E402
from wagtail.models import Page  # noqa: E402

from articles.authoring.models import ArticlePage, ArticleTopic  # noqa: E402
from articles.record.models import Counter, Event, Facet, Path, Publication, SearchText  # noqa: E402
from articles.record.search.alphabet import title_key  # noqa: E402
from tests import worlds  # noqa: E402
from tests.factories import (  # noqa: E402
    block,
    complete_body,
    make_article,
    make_image,
    make_source,
    make_topic,
    sign_and_publish,
)
from tests.record.tamper import drop_triggers  # noqa: E402

BATCH = 500
SLUG, TITLE = "article-0000000", "Scalp inflammation 0000000"
PAGES = 1_000  # of Wagtail's; its list and its detail are not measured at more
LINKS, SOURCES = 5, 4
TEXT = (
    '<p>An itchy scalp is common, and most people who have one need no <a linktype="page" id="{link}">treatment</a> '
    "beyond a shampoo.</p>"
)


def main(number: int) -> None:
    source, page = make_one()
    drop_triggers()  # rows written directly have no chain of hashes
    with transaction.atomic():
        copy_publications(source, number)
        pages = [page.pk, *copy_pages(page, min(number, PAGES) - 1)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"slugs": [slug_of(at) for at in range(number)], "pages": pages}))


def make_one() -> tuple[Publication, ArticlePage]:
    """A published article of about 11 kB: eight sections, four sources, a picture, five links to other articles."""
    for build in worlds.BUILDERS.values():
        build()
    at_work = worlds.people()

    def published(**given) -> ArticlePage:
        page = make_article(by=at_work.author, **given)
        sign_and_publish(page, by=at_work.author, editor=at_work.editor, reviewer=at_work.reviewer)
        return page

    linked = [published() for _ in range(LINKS)]
    sources = [make_source() for _ in range(SOURCES)]
    cited = "".join(f'<a linktype="citation" sources="{row.pk}" support="direct" locator="">[1]</a>' for row in sources)
    body = complete_body(sources[0])
    body[0] = block("introduction", text="".join(TEXT.format(link=page.pk) for page in linked))
    body[1:1] = [
        block("prose", heading="Symptoms", text=f"<p>It itches.{cited}</p>", aspect="symptoms"),
        block("seek_help", level="urgent", signs=["Fever"], action="Call a doctor."),
    ]
    picture = make_image(file=ImageFile(get_test_image_file(size=(800, 500)).file, name="scalp.png"))
    given = {"slug": SLUG, "title": TITLE, "topics": [make_topic()], "hero": picture, "hero_alt": "A scalp"}
    page = published(body=body, **given)
    return Publication.objects.get(article=page.article_id), ArticlePage.objects.get(pk=page.pk)


def copy_publications(source: Publication, number: int) -> None:
    """The record's rows of `number` articles, the first of which stands already. Each has an event of its own."""
    event = Event.objects.get(number=source.event)
    said, facets = SearchText.objects.get(article=source.pk), list(Facet.objects.filter(article=source.pk))
    last = Event.objects.latest("number").number
    for start in range(1, number, BATCH):
        numbers = range(start, min(number, start + BATCH))
        Event.objects.bulk_create(_changed(event, pk=None, number=last + at, hash=f"{at:064x}") for at in numbers)
        Publication.objects.bulk_create(_publication(source, at, last + at) for at in numbers)
        Path.objects.bulk_create(
            Path(locale=source.locale, slug=slug_of(at), article=id_of(at), current=True) for at in numbers
        )
        SearchText.objects.bulk_create(_changed(said, pk=last + at, article=id_of(at)) for at in numbers)
        Facet.objects.bulk_create(_changed(row, pk=None, article=id_of(at)) for at in numbers for row in facets)
    Counter.objects.filter(name="events").update(value=last + number - 1, hash=f"{number - 1:064x}")


def _publication(source: Publication, at: int, event: int) -> Publication:
    def mine(content: bytes) -> bytes:
        numbered = bytes(content).replace(b"0000000", b"%07d" % at)
        return numbered.replace(str(source.pk).encode(), str(id_of(at)).encode())

    title, moment = TITLE.replace("0000000", f"{at:07}"), source.first_published_at - timedelta(minutes=at)
    body = mine(source.body)
    return _changed(
        source,
        article=id_of(at),
        translation_key=id_of(at),
        slug=slug_of(at),
        title=title,
        title_key=title_key(title),
        body=body,
        body_gzip=gzip.compress(body, 6),
        portable=mine(source.portable),
        card=mine(source.card),
        etag=hashlib.sha256(body).hexdigest(),
        event=event,
        published_at=moment,
        first_published_at=moment,
    )


def copy_pages(source: ArticlePage, number: int) -> list[int]:
    """Pages of Wagtail for the other sides, each with its row of the page's table and of the article's."""
    base, made = Page.objects.get(pk=source.pk), []
    last = Page.objects.latest("pk").pk
    topics = list(ArticleTopic.objects.filter(page=source))
    for at in range(1, number + 1):
        path = f"{base.path[:-4]}{_in_base_36(int(base.path[-4:], 36) + at)}"
        own = {"path": path, "slug": slug_of(at), "url_path": f"{base.url_path}{at}/", "translation_key": uuid4()}
        Page.objects.bulk_create([_changed(base, pk=last + at, id=last + at, **own)])
        page = _changed(source, pk=last + at, id=last + at, page_ptr_id=last + at, article_id=id_of(at), **own)
        page.save_base(raw=True)
        ArticleTopic.objects.bulk_create(_changed(row, pk=None, page_id=last + at) for row in topics)
        made.append(last + at)
    return made


def slug_of(at: int) -> str:
    return f"article-{at:07}"


def id_of(at: int) -> UUID:
    return UUID(int=(at + 1) * 7919 << 64 | at)


def _changed(row, **fields):
    other = copy(row)
    other._state = copy(row._state)
    other._state.adding = True
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _in_base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits.rjust(4, "0")


if __name__ == "__main__":
    main(int(sys.argv[1]))
