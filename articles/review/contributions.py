"""Who changed what since the last edition: nobody vouches for their own work.

A contribution is noted whenever a revision is saved, created or overwritten in place, and whenever a
source, an image or a component changes. Bibliographic corrections of a source do not count.
"""

import hashlib
import json
import re
from typing import Any

from django.db.models import Q
from django.utils import timezone

from articles.authoring.images import Image
from articles.document import stored
from articles.record.models import Edition
from articles.record.vocabulary import DocumentKind, SubjectKind
from articles.review.models import Contribution
from articles.review.subjects import Subject
from articles.sources.models import Source

MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value
IMAGE = "image"
MEDICAL_FIELDS = (
    "title",
    "summary",
    "locale",
    "audience",
    "article_type",
    "codes",
    "substances",
    "sponsorship",
)
PRESENTATION_FIELDS = ("hero", "hero_alt", "social_image", "seo_title", "search_description")
PRESENTATION_ROWS = {"authors": "person", "disclaimers": "disclaimer", "related": "article"}
EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')
SOURCE_CONTENT = ("title", "design", "status", "doi", "pmid", "url")


def note(
    *, subject_kind: str, subject: str, part: str, user: int | None, state: Any, revision: int | None = None
) -> None:
    """Write a contribution if `state` differs from what the last one left."""
    mark = _hash(state)
    last = Contribution.objects.filter(subject=subject, part=part).order_by("-pk").first()
    if last is None or last.state != mark:
        Contribution.objects.create(
            subject_kind=subject_kind,
            subject=subject,
            part=part,
            user_id=user,
            user_key=user,
            revision=revision,
            state=mark,
            at=timezone.now(),
        )


def note_article(*, content: dict[str, Any], user: int | None, revision: int) -> None:
    """Note which of the two parts a saved revision changed."""
    for part, state in {MEDICAL: medical_state(content), PRESENTATION: presentation_state(content)}.items():
        note(
            subject_kind=SubjectKind.ARTICLE,
            subject=str(content["article_id"]),
            part=part,
            user=user,
            state=state,
            revision=revision,
        )


def note_source(source: Source, *, user: int | None) -> None:
    state = [getattr(source, name) for name in SOURCE_CONTENT]
    note(subject_kind=SubjectKind.SOURCE, subject=str(source.source_id), part="", user=user, state=state)


def note_image(image: Image, *, user: int | None) -> None:
    note(
        subject_kind=IMAGE,
        subject=image.sha256,
        part="",
        user=user,
        state=[image.sha256, image.alt, image.credit],
    )


def note_component(content: dict[str, Any], *, kind: str, user: int | None, revision: int) -> None:
    state = {key: value for key, value in content.items() if key not in ("latest_revision", "name", "pk")}
    subject = str(content["component_id"])
    note(subject_kind=kind, subject=subject, part=kind, user=user, state=state, revision=revision)


def contributors(subject: Subject, part: str) -> set[int]:
    """Keys of the users who may not sign this part."""
    before = subject.vouched_before(part)
    rows = Contribution.objects.filter(subject=str(subject.id), part=part)
    if before:  # by number and by time: clocks go back, and a revision may have been overwritten in place
        rows = rows.filter(Q(revision__gt=before.revision or 0) | Q(at__gt=before.published_at))
    if subject.is_edition and subject.base:
        rows = rows.filter(revision__lte=subject.base.revision or 0, at__lte=subject.base.published_at)
    found = set(rows.values_list("user_key", flat=True)) | _of_material(subject, part, before) | _byline(subject)
    return {user for user in found if user is not None}


def _of_material(subject: Subject, part: str, before: Edition | None) -> set[int | None]:
    """Those who changed what the part cites or shows."""
    named = _named(subject.documents[part].value)
    rows = Contribution.objects.filter(subject__in=named, part="")
    if before:
        rows = rows.filter(at__gt=before.published_at)
    if subject.is_edition and subject.base:
        rows = rows.filter(at__lte=subject.base.published_at)
    return set(rows.values_list("user_key", flat=True))


def _named(value: Any) -> set[str]:
    keys = (*stored.values_of(value, "source_id"), *stored.values_of(value, "sha256"))
    return {key for key in keys if isinstance(key, str)}


def _byline(subject: Subject) -> set[int | None]:
    return {author.user for author in subject.draft.authors} if subject.draft else set()


def medical_state(content: dict[str, Any]) -> list[Any]:
    fields = [content.get(name) for name in MEDICAL_FIELDS]
    return [*map(_content, fields), [_without_offer(block) for block in stored.stream(content.get("body"))]]


def presentation_state(content: dict[str, Any]) -> list[Any]:
    fields = [content.get(name) for name in PRESENTATION_FIELDS]
    rows = [[row[key] for row in content.get(name) or []] for name, key in PRESENTATION_ROWS.items()]
    offers = [
        [block.get("id"), block["value"].get("offer")]
        for block in stored.stream(content.get("body"))
        if block["type"] == "cta"
    ]
    return [fields, rows, offers]


def _without_offer(block: dict[str, Any]) -> list[Any]:
    value = stored.plain(block.get("value"))
    if block["type"] == "cta" and isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "offer"}
    return [block["type"], value]


def _content(field: Any) -> Any:
    """A StreamField's values without ids, any other field as it is."""
    is_stream = isinstance(field, str) and field.startswith('[{"')
    return [stored.plain(block.get("value")) for block in stored.stream(field)] if is_stream else field


def _said(value: Any) -> Any:
    """Without what says nothing: the editor's form writes null, "" and [] as it likes."""
    if isinstance(value, dict):
        return {key: said for key, item in value.items() if (said := _said(item)) not in (None, "", [], {})}
    return [_said(item) for item in value] if isinstance(value, list | tuple) else value


def _hash(state: Any) -> str:
    text = EDITOR_KEYS.sub("", json.dumps(_said(state), sort_keys=True, default=str).replace('\\"', '"'))
    return hashlib.sha256(text.encode()).hexdigest()
