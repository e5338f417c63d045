"""Finds the publications that a change affects, and how an article is filed."""

from uuid import UUID

from articles.record.event_data import Filing
from articles.record.models import Event, Link, Publication
from articles.record.vocabulary import SERVED, EventKind


def latest_filing(article: UUID) -> Filing:
    """The address and topics of a published article, from the last event that filed it."""
    filed = Event.objects.filter(subject=article, kind__in=(EventKind.PUBLISHED, EventKind.REFILED))
    found = filed.filter(data__has_key="filing").order_by("-number").values_list("data", flat=True)
    return found[0]["filing"]


def lagging(*, relation: str, target: str) -> list[UUID]:
    """Published articles that show or link to `target`, in a stable order."""
    rows = Link.objects.filter(relation=relation, target=target).values_list("article", flat=True)
    published = Publication.objects.filter(article__in=list(rows), state__in=SERVED)
    return list(published.order_by("article").values_list("article", flat=True))


def translations(article: UUID) -> list[UUID]:
    """Other published articles with the same translation key."""
    key = Publication.objects.filter(article=article).values("translation_key")
    siblings = Publication.objects.filter(translation_key__in=key, state__in=SERVED)
    return list(siblings.exclude(article=article).order_by("article").values_list("article", flat=True))
