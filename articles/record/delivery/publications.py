"""Finds the publications that a change affects, and how an article is filed."""

from uuid import UUID

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Replace

from articles.record.event_data import Filing
from articles.record.models import Event, Link, Publication
from articles.record.vocabulary import SERVED, EventKind

TRANSLATIONS = "translations"  # relation of an article to the group of translations of an article that it links to


def latest_filing(article: UUID) -> Filing:
    """The address and topics of a published article, from the last event that filed it."""
    filed = Event.objects.filter(subject=article, kind__in=(EventKind.PUBLISHED, EventKind.REFILED))
    found = filed.filter(data__has_key="filing").order_by("-number").values_list("data", flat=True)
    return found[0]["filing"]


def lagging(relation: str, *targets: UUID) -> list[UUID]:
    """Published articles that a change of these targets affects, in a stable order, without the targets: those that
    show one or link to it, those that link to an article that it is a translation of, and its translations."""
    if not targets:
        return []
    own = Publication.objects.filter(article__in=targets)
    key = Replace(Cast("translation_key", CharField()), Value("-"), Value(""))  # SQLite keeps ids without dashes
    named = Q(relation=relation, target__in=[str(target) for target in targets]) | Q(
        relation=TRANSLATIONS, target__in=own.values_list(key)
    )
    linking = Link.objects.filter(named).exclude(article__in=targets).values_list("article", flat=True)
    served = Publication.objects.filter(state__in=SERVED).exclude(article__in=targets).values_list("article", flat=True)
    siblings = served.filter(translation_key__in=own.values_list("translation_key"))
    return list(served.filter(article__in=linking).union(siblings).order_by("article"))
