"""The page that maps a whole migration at once: fields, categories, authors, shortcodes, and this house's headings."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.admin.importing.article import kinds, read_kind, value_of
from articles.admin.importing.confidence import percent, words
from articles.admin.importing.views import RunPage, require_rest
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import DomainError
from articles.intake.models import ImportedHeading, ImportRun
from articles.intake.outline import Taught
from articles.intake.runs.correcting import Heading, correct_headings, taught_of
from articles.intake.runs.mapping import Mapping, Shortcode, mapping_json, read_mapping
from articles.record.vocabulary import SectionKind

MOST_HEADINGS = 100
ROLES = (
    ("reviewer", "Who reviewed the article"),
    ("review_date", "When it was reviewed"),
    ("references", "Its references"),
)


@dataclass(frozen=True)
class Choice:
    """A line of the form: what the old system has, how often, an example, and what is chosen for it."""

    name: str
    label: str
    count: int
    chosen: str
    example: str = ""


@dataclass(frozen=True)
class HeadingLine:
    """A heading of this house. `kind`: what most of its sections are; `is_mixed`: not all of them are."""

    key: str
    language: str
    text: str
    count: int
    kind: str
    is_mixed: bool
    confidence: str


class Found:
    """What the articles of a run bring along: counted once for the page."""

    def __init__(self, run: ImportRun) -> None:
        self.fields: dict[str, str] = {}
        self.categories, self.authors, self.shortcodes = Counter[str](), Counter[str](), Counter[str]()
        for origin, shortcodes in run.articles.values_list("origin", "shortcodes").iterator():
            self.categories.update(origin.get("categories", ()))
            self.authors.update(origin.get("authors", ()))
            self.shortcodes.update(shortcodes)
            for name, value in origin.get("fields", {}).items():
                if not self.fields.get(name):
                    self.fields[name] = " ".join(str(value).split())[:60]


def lines(counts: Counter[str], chosen: dict[str, Any], prefix: str) -> list[Choice]:
    """The most frequent first; `name` is that of the form's field."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Choice(f"{prefix}-{at}", name, count, str(chosen.get(name, ""))) for at, (name, count) in enumerate(ranked)]


def headings_of(run: ImportRun) -> list[HeadingLine]:
    """The most frequent headings with their sections that no editor touched one by one."""
    rows = ImportedHeading.objects.filter(article__run=run, is_by_hand=False).order_by()
    counted = rows.values("key", "article__language").annotate(
        text=Min("text"),
        count=Count("pk"),
        lowest=Min("confidence"),
        first=Min("kind"),
        last=Max("kind"),
        aspect=Max("aspect", filter=Q(kind=SectionKind.PROSE)),
    )
    return [_heading(dict(row)) for row in counted.order_by("-count", "key")[:MOST_HEADINGS]]


def _heading(row: dict[str, Any]) -> HeadingLine:
    return HeadingLine(
        key=row["key"],
        language=row["article__language"],
        text=row["text"],
        count=row["count"],
        kind=value_of(row["first"], row["aspect"]),
        is_mixed=row["first"] != row["last"],
        confidence=f"{words(row['lowest'])} ({percent(row['lowest'])}%)",
    )


class MappingView(RunPage):
    template_name = "admin/importing/mapping.html"
    page_title = "Map this import"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, mapping = Found(self.run), read_mapping(self.run.mapping)
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "roles": [(name, label, getattr(mapping, name)) for name, label in ROLES],
            "fields": found.fields.items(),
            "categories": lines(found.categories, mapping.topics, "category"),
            "authors": lines(found.authors, mapping.people, "author"),
            "shortcodes": lines(found.shortcodes, mapping.shortcodes, "shortcode"),
            "topics": [(str(pk), name) for pk, name in Topic.objects.values_list("pk", "name")],
            "people": [(str(person.pk), str(person)) for person in Person.objects.all()],
            "rules": Shortcode.choices,
            "headings": headings_of(self.run),
            "kinds": kinds(),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            require_rest(self.run)
            said = self._correct() if request.POST.get("do") == "headings" else self._keep()
            messages.success(request, said)
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect("articles_import_mapping", self.run.pk)

    def _keep(self) -> str:
        """What was chosen for fields, categories, authors and shortcodes; unknown values count as not chosen."""
        found, given = Found(self.run), self.request.POST
        fields = {name: given.get(name, "") for name, _ in ROLES if given.get(name) in found.fields}
        topics = set(Topic.objects.values_list("pk", flat=True))
        people = set(Person.objects.values_list("pk", flat=True))
        mapping = Mapping(
            **fields,
            topics=_keys(lines(found.categories, {}, "category"), given, topics),
            people=_keys(lines(found.authors, {}, "author"), given, people),
            shortcodes={
                line.label: given[line.name]
                for line in lines(found.shortcodes, {}, "shortcode")
                if given.get(line.name) in Shortcode.values
            },
        )
        self.run.mapping = mapping_json(mapping)
        self.run.save(update_fields=["mapping"])
        return "The mapping is saved. It is used when drafts are made."

    def _correct(self) -> str:
        """Every heading whose choice differs from what is shown is corrected in the whole run."""
        given: dict[Heading, Taught] = {}
        for at, line in enumerate(headings_of(self.run)):
            named = Heading(self.request.POST.get(f"key-{at}", ""), line.language)
            chosen = self.request.POST.get(f"kind-{at}", "")
            if chosen and named == (line.key, line.language) and (chosen != line.kind or line.is_mixed):
                given[named] = taught_of(*read_kind(chosen))
        if not given:
            return "No heading was changed."
        count = correct_headings(run=self.run, given=given, by=self.user)
        return f"{len(given)} heading{'s' if len(given) > 1 else ''} corrected, in {count:,} sections."


def _keys(found: list[Choice], given: Any, known: set[int]) -> dict[str, int]:
    """{name in the old system: key} of those that were chosen and exist."""
    chosen = {line.label: str(given.get(line.name, "")) for line in found}
    return {name: int(key) for name, key in chosen.items() if key.isascii() and key.isdigit() and int(key) in known}
