"""In which order a run is looked at: as in the files, by risk, or by how many readers the old address had."""

import csv
import io
import re
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, TextChoices

from articles.errors import Unreadable
from articles.intake.models import ImportedArticle, PageViews
from articles.intake.runs.legacy import path_of

MOST_LINES = 200_000
NO_VIEWS = (
    "No line of the file has an address and a number of views. Write one address in each line, then a comma, then the "
    "views, for example /sleep-and-age,1200."
)


class Order(TextChoices):
    FILE = "file", "As in the files"
    RISK = "risk", "Doses and unsure parts first"
    READERS = "readers", "Most readers first"


def ordered(rows: QuerySet[ImportedArticle], order: str) -> QuerySet[ImportedArticle]:
    """The rows in this order, each with its `views` (None if there are none)."""
    views = PageViews.objects.filter(address=OuterRef("address")).exclude(address="").values("views")
    rows = rows.annotate(views=Subquery(views[:1]))
    if order == Order.RISK:
        return rows.order_by("-risk", "file", "position")
    if order == Order.READERS:
        return rows.order_by(F("views").desc(nulls_last=True), "-risk", "file", "position")
    return rows.order_by("file", "position")


@transaction.atomic
def keep_views(data: bytes) -> int:
    """Keep the views of each address in a CSV file, in place of those kept before. Returns of how many addresses.

    Raises Unreadable.
    """
    views = dict(read_views(data))
    if not views:
        raise Unreadable(NO_VIEWS)
    rows = [PageViews(address=address, views=count) for address, count in views.items()]
    PageViews.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["address"], update_fields=["views"]
    )
    return len(rows)


def read_views(data: bytes) -> Iterator[tuple[str, int]]:
    """(path, views) of each line that has both; a header has no number, so it is none. Comma, semicolon or tab."""
    text = data.decode("utf-8-sig", errors="replace")
    mark = max(",;\t", key=text[:10_000].count)
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark)):
        if number >= MOST_LINES:
            raise Unreadable(f"The file has more than {MOST_LINES:,} lines. Keep the addresses with the most views.")
        if len(cells) >= 2 and (address := path_of(cells[0])) and (views := _number(cells[1])) is not None:
            yield address, views


def _number(cell: str) -> int | None:
    """“1,200”, “1.200”, “1 200” and “1200” are one thousand two hundred."""
    digits = re.sub(r"[\s,.'’]", "", cell)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None
