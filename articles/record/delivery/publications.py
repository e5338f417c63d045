"""The rebuildable half of the record: what delivery reads, and looks an article up by.

Everything here derives from documents, sign-offs, editions and events; `recompose` may do it again at any time.
"""

from datetime import date, datetime
from uuid import UUID

from articles.record.delivery.compose import Composed, compose
from articles.record.delivery.loading import image_digests, linked_articles, load_state
from articles.record.delivery.state import Json, State
from articles.record.models import ComponentPublication, Facet, Link, Path, Publication, TopicEntry
from articles.record.site import Site
from articles.record.vocabulary import SERVED, PublicationState

CLOCK = ("next_review_on", "grace_ends_at", "after_grace")


def current(article: UUID, *, filing: Json, site: Site, now: datetime) -> tuple[State, Composed]:
    state = load_state(article, filing=filing, site=site)
    return state, compose(state, now=now)


def write(state: State, composed: Composed, *, event: int, now: datetime) -> Publication:
    """Set the publication and everything that delivery looks it up by."""
    article = UUID(state.article)
    row, _ = Publication.objects.update_or_create(
        article=article,
        defaults={
            "translation_key": UUID(state.filing["translation_key"]),
            "locale": state.filing["locale"],
            "slug": state.filing["slug"],
            "state": PublicationState.WITHHELD if composed.is_withheld else PublicationState.PUBLISHED,
            "edition": state.edition["number"],
            "components": composed.article["components"],
            "filing": state.filing,
            "notice": None,
            "title": state.medical["title"][:255],
            "body": composed.body,
            "body_gzip": composed.body_gzip,
            "portable": composed.portable,
            "card": composed.card,
            "etag": composed.etag,
            "published_at": _moment(state.edition["published_at"]),
            "first_published_at": _moment(state.edition["first_published_at"]),
            "updated_at": _moment(state.edition["updated_at"]),
            "composed_at": now,
            "fresh_until": composed.fresh_until,
            "event": event,
            **clock_of(composed),
        },
    )
    _write_path(article, state.filing)
    _replace(Facet, article, facets(state), ("name", "value"))
    _replace(Link, article, links(state) | _once_shown(article), ("relation", "target"))
    _write_topics(state.filing["topics"])
    return row


def clock_of(composed: Composed) -> Json:
    """The columns by which the clock is asked."""
    grace = composed.grace
    return {
        "next_review_on": date.fromisoformat(composed.article["review"]["next_review_on"]),
        "grace_ends_at": grace.ends_at if grace else None,
        "after_grace": grace.after if grace else "",
    }


def is_as_stored(row: Publication, composed: Composed) -> bool:
    """Compares the bytes themselves, so that a body that somebody changed in the database is found, and mended."""
    stored = [bytes(part) for part in (row.body, row.body_gzip, row.portable, row.card)]
    if clock_of(composed) != {name: getattr(row, name) for name in CLOCK}:
        return False
    if (row.state == PublicationState.WITHHELD) != composed.is_withheld:
        return False
    return row.etag == composed.etag and stored == [
        composed.body,
        composed.body_gzip,
        composed.portable,
        composed.card,
    ]


def facets(state: State) -> set[tuple[str, str]]:
    """What the article can be filtered by."""
    medical = state.medical
    sections = medical["sections"]
    found = {("audience", medical["audience"]), ("article_type", medical["article_type"])}
    found |= {("topic", topic["slug"]) for topic in state.filing["topics"]}
    coded = [*medical["codes"], *(substance for substance in medical["substances"] if substance["code"])]
    found |= {("code", f"{row['system']}|{row['code']}") for row in coded}
    found |= {("kind", section["kind"]) for section in sections}
    found |= {("aspect", section["aspect"]) for section in sections if "aspect" in section}
    return found | {
        ("certainty", finding["certainty"]) for section in sections for finding in section.get("findings", [])
    }


def links(state: State) -> set[tuple[str, str]]:
    """What the article stands on: a change of any of these may change what readers get."""
    named = [row["offer"] for row in state.presentation["offers"]]
    named += [row["id"] for row in state.presentation["disclaimers"]]
    found = {("component", component) for component in named}
    found |= {("article", article) for article in linked_articles(state)}
    found |= {("source", reference["source_id"]) for reference in state.medical["references"]}
    return found | {("image", digest) for digest in image_digests(state.medical, state.presentation)}


def current_event(subject: UUID) -> int:
    """The event that set what readers get of an article or component; 0 where they get nothing."""
    article = Publication.objects.filter(article=subject).values_list("event", flat=True)
    component = ComponentPublication.objects.filter(component=subject).values_list("event", flat=True)
    return next(iter([*article, *component]), 0)


def lagging(*, relation: str, target: str) -> list[UUID]:
    """Published articles that stand on `target`, in a stable order."""
    rows = Link.objects.filter(relation=relation, target=target).values_list("article", flat=True)
    published = Publication.objects.filter(article__in=list(rows), state__in=SERVED)
    return list(published.order_by("article").values_list("article", flat=True))


def _write_path(article: UUID, filing: Json) -> None:
    Path.objects.filter(article=article).exclude(slug=filing["slug"]).update(current=False)
    Path.objects.update_or_create(
        locale=filing["locale"], slug=filing["slug"], defaults={"article": article, "current": True}
    )


def _write_topics(topics: list[Json]) -> None:
    for topic in topics:
        TopicEntry.objects.update_or_create(slug=topic["slug"], defaults={"name": topic["name"]})


def _once_shown(article: UUID) -> set[tuple[str, str]]:
    """Images of earlier editions: an app that holds yesterday's article still gets its pictures."""
    return set(Link.objects.filter(article=article, relation="image").values_list("relation", "target"))


def _replace(model, article: UUID, wanted: set[tuple[str, str]], fields: tuple[str, str]) -> None:
    have = set(model.objects.filter(article=article).values_list(*fields))
    for row in have - wanted:
        model.objects.filter(article=article, **dict(zip(fields, row, strict=True))).delete()
    model.objects.bulk_create(
        model(article=article, **dict(zip(fields, row, strict=True))) for row in sorted(wanted - have)
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
