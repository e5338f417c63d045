"""Completes an imported draft from its JSON, as an author would in the admin. cms/demo/README.md describes the JSON."""

import json
from typing import Any
from uuid import uuid4

from wagtail.log_actions import LogContext

from articles.authoring.components import Offer
from articles.authoring.models import ArticleAuthor, ArticleDisclaimer, ArticlePage, ArticleTopic
from articles.document import stored
from articles.sources.models import Source
from cms.demo import library
from cms.models import User

Json = dict[str, Any]
SIMPLE = ("summary", "article_type", "audience", "sponsorship", "ai_use", "ai_tool")
SOURCE_FIELDS = (
    "csl_type",
    "title",
    "container_title",
    "publisher",
    "issued",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "url",
    "design",
)


def complete(page: ArticlePage, given: Json, *, by: User, people: Json, disclaimers: Json) -> None:
    """Fill the draft's fields and save a revision. The author's name is not put on the byline twice."""
    draft = page.get_latest_revision_as_object()
    sources = complete_sources(draft, given["sources"], by=by)
    for name in SIMPLE:
        setattr(draft, name, given[name])
    draft.codes = json.dumps([_child("code", code) for code in given["codes"]])
    draft.substances = json.dumps([_child("substance", row) for row in map(_substance, given["substances"])])
    draft.seo_title, draft.search_description = given["seo"]["title"], given["seo"]["description"]
    draft.hero, draft.hero_alt = library.make_hero(given["hero"], by=by), given["hero"]["alt"]
    draft.authors = [ArticleAuthor(person=people["author"], sort_order=0)]
    draft.topics = [
        ArticleTopic(topic=library.make_topic(topic), sort_order=order) for order, topic in enumerate(given["topics"])
    ]
    draft.disclaimers = [
        ArticleDisclaimer(disclaimer=disclaimers[slug], sort_order=order)
        for order, slug in enumerate(given["disclaimers"])
    ]
    draft.body = json.dumps(_body(draft, given, sources, by))
    draft.save_revision(user=by, log_action=True)


def complete_sources(draft: ArticlePage, rows: list[Json], *, by: User) -> dict[str, Source]:
    """Fill in the bibliographic records that intake made from title lines. {title as in the file: Source}."""
    made = {}
    for row in rows:
        source = Source.objects.filter(title=row["match"]).first() or Source.objects.get(title=row["title"])
        for name in SOURCE_FIELDS:
            setattr(source, name, row.get(name) or getattr(source, name))
        source.authors = "\n".join(row["authors"])
        with LogContext(user=by):
            source.full_clean()
            source.save()
            source.save_revision(user=by)
        made[row["match"]] = source
    return made


def _body(draft: ArticlePage, given: Json, sources: dict[str, Source], by: User) -> list[Json]:
    blocks = stored.stream(list(draft.body.raw_data))
    left = list(given["sections"])
    for block in blocks:
        more = next((row for row in left if stored.type_of(row["kind"]) == block["type"]), None)
        if more:
            left.remove(more)
            block["value"] |= {key: _linked(value, sources) for key, value in more.items() if key != "kind"}
        if block["type"] == "cta":
            block["value"]["purposes"] = [given["offer"]["purpose"]]
            block["value"]["offer"] = _shared_offer(block["value"]["offer"], given["offer"], by=by)
    return blocks


def _linked(value: Any, sources: dict[str, Source], key: str = "") -> Any:
    """Sources by primary key, lists wrapped as Wagtail stores them."""
    if key == "source":
        return sources[value].pk
    if isinstance(value, dict):
        return {name: _linked(item, sources, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_child("item", _linked(item, sources)) for item in value]
    return value


def _shared_offer(key: int, given: Json, *, by: User) -> int:
    """Key of the offer that all articles share. The first import of it is completed: where it leads and who earns is
    what intake could only guess. Its words stay."""
    offer = Offer.objects.get(pk=key)
    target = {"target_type": given["target"]["type"], "target": given["target"]["value"]}
    known = Offer.objects.filter(text=offer.text, label=given["label"], **target).exclude(pk=key).first()
    if known:
        offer.delete()
        return known.pk
    offer.name, offer.label, offer.purpose = given["label"], given["label"], given["purpose"]
    offer.disclosure = given["disclosure"]
    offer.target_type, offer.target = target["target_type"], target["target"]
    offer.full_clean()
    offer.save()
    offer.save_revision(user=by)
    return offer.pk


def _substance(row: Json) -> Json:
    return row | {"status": [_child("item", status) for status in row["status"]]}


def _child(kind: str, value: Any) -> Json:
    return {"type": kind, "id": str(uuid4()), "value": value}
