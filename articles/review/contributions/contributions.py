"""Who changed what since the last edition: nobody vouches for their own work.

A contribution is noted whenever a revision is saved, created or overwritten in place, and whenever a source, an image,
a component or what is printed of a person changes, or a source is deleted. A corrected date, volume, issue or page
of a source does not count. Words that come back, section by section and field by field, in the same text or in another
one, are still of those who wrote them.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.document import stored
from articles.document.draft import Draft
from articles.record.models import Edition
from articles.record.vocabulary import DocumentKind, SubjectKind
from articles.review import logins
from articles.review.contributions import sources, states, writers
from articles.review.contributions.pieces import Piece, pieces_of
from articles.review.models import Contribution
from articles.review.review import NOTE, Subject
from articles.sources.models import Source

MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value
IMAGE, WORDS = "image", "words"
NO_PIECES: Mapping[str, Piece] = {}
PRINTED = ("name", "credentials")  # of a person, on a byline

Users = Iterable[int | None]


def note(
    *,
    subject_kind: str,
    subject: str,
    part: str,
    users: Users,
    state: Any,
    revision: int | None = None,
    also: Users = (),
    pieces: Mapping[str, Piece] = NO_PIECES,
) -> None:
    """Write a contribution of each of `users`, and of those in `also`, if `state` differs from what the last one left.

    Those who wrote some of its `pieces` before count again with them.
    """
    mark, last = states.hash_of(state), _last(subject, part)
    if (last.state if last else states.hash_of(None)) == mark:
        return
    known = {user for user in (*users, *also) if user is not None}
    left: Mapping[str, Any] = {}
    if pieces:
        left = {name: piece.exact for name, piece in pieces.items()}
        before = last.left if last else {}
        known |= writers.credit(subject=subject, part=part, pieces=pieces, before=before, known=known)
    keys: list[int | None] = [*sorted(known)] or [None]
    for user in keys:
        Contribution.objects.create(
            subject_kind=subject_kind,
            subject=subject,
            part=part,
            user_id=user if user in users else None,  # others' logins may be deleted by now
            user_key=user,
            revision=revision,
            state=mark,
            left=left,
            at=timezone.now(),
        )


def note_article(*, content: dict[str, Any], users: Users, revision: int) -> None:
    """Note which of the two parts a saved revision changed, and whether the note to readers.

    The first revision of a copy or a translation is a contribution of those, too, who contributed to its original.
    """
    subject, users = str(content["article_id"]), set(users)
    originals = _originals(content, subject)
    for part in (MEDICAL, PRESENTATION, NOTE, WORDS):
        note(
            subject_kind=SubjectKind.ARTICLE,
            subject=subject,
            part=part,
            users=users,
            state=states.state_of(part, content),
            revision=revision,
            also=_all_of(originals, part),
            pieces=pieces_of(part, content, subject=subject),
        )


def note_source(source: Source, *, user: int | None) -> None:
    """Whatever is printed of it, or says how it stands, counts; a corrected date or page does not."""
    kind, subject = SubjectKind.SOURCE, str(source.source_id)
    note(subject_kind=kind, subject=subject, part="", users=[user], state=sources.printed(source))


def note_deleted_source(source: Source, *, user: int | None) -> None:
    """It leaves every text that names it, and nothing in those texts says who took it out."""
    subject = _deleted(source.pk)
    note(subject_kind=SubjectKind.SOURCE, subject=subject, part="", users=[user], state=str(source.source_id))


def note_image(image: Image, *, user: int | None) -> None:
    note(subject_kind=IMAGE, subject=image.sha256, part="", users=[user], state=states.image_state(image))


def note_person(person: Person, *, user: int | None) -> None:
    """Call it when what is printed of the person changed."""
    state = [getattr(person, name) for name in PRINTED]
    note(subject_kind=SubjectKind.PERSON, subject=str(person.person_id), part="", users=[user], state=state)


def note_component(content: dict[str, Any], *, kind: str, users: Users, revision: int | None) -> None:
    subject = str(content["component_id"])
    note(
        subject_kind=kind,
        subject=subject,
        part=kind,
        users=set(users),
        state=states.component_state(content, kind=kind),
        revision=revision,
        pieces=pieces_of(kind, content, subject=subject),
    )


def contributors(subject: Subject, part: str) -> set[int]:
    """Keys of the users who may not sign this part: of those who had a hand in it, each login they ever had."""
    before = subject.vouched_before(part)
    rows = Contribution.objects.filter(subject=str(subject.id), part=part)
    if before:  # by number and by time: clocks go back, and a revision may have been overwritten in place
        rows = rows.filter(Q(revision__gt=before.revision or 0) | Q(at__gt=before.published_at))
    if subject.is_edition and subject.base:
        rows = rows.filter(revision__lte=subject.base.revision or 0, at__lte=subject.base.published_at)
    found = set(rows.values_list("user_key", flat=True)) | _of_material(subject, part, before)
    found |= logins.logins_of(people_on_byline(subject), links=subject.links)
    found |= _of_note(subject) if part == MEDICAL else set()
    return logins.with_other_logins({user for user in found if user is not None}, links=subject.links)


def people_on_byline(subject: Subject) -> set[UUID]:
    """Ids of those whom readers see as its authors, whatever login they have by now."""
    if subject.draft:
        return {UUID(author.id) for author in subject.draft.authors}
    presentation = subject.documents.get(PRESENTATION)
    return {UUID(author["id"]) for author in presentation.value["authors"]} if presentation else set()


def _of_note(subject: Subject) -> set[int | None]:
    """Who wrote what readers will be told of the change, where that is signed with the medical part."""
    if not subject.change or not subject.asks_clinicians:
        return set()
    rows = Contribution.objects.filter(subject=str(subject.id), part=NOTE).order_by("pk")
    last = rows.last()
    counting = Q(at__gt=subject.since) | Q(state=last.state if last else "")
    return set(rows.filter(counting).values_list("user_key", flat=True))


def _of_material(subject: Subject, part: str, before: Edition | None) -> set[int | None]:
    """Those who changed what the part cites, shows or names, or deleted a source that it would cite or list."""
    named = _named(subject.documents[part].value) | (_gone(subject.draft) if part == MEDICAL else set())
    if part == PRESENTATION:  # it says how the pictures that the medical part names are shown
        named |= {key for key in stored.values_of(_pictures(subject), "sha256") if isinstance(key, str)}
    rows = Contribution.objects.filter(subject__in=named, part="")
    if before:
        rows = rows.filter(at__gt=before.published_at)
    if subject.is_edition and subject.base:
        rows = rows.filter(at__lte=subject.base.published_at)
    return set(rows.values_list("user_key", flat=True))


def _pictures(subject: Subject) -> dict[str, Any]:
    value = subject.documents[MEDICAL].value
    return {name: value.get(name) for name in ("hero", "seo")}


def _named(value: Any) -> set[str]:
    keys = [*stored.values_of(value, "source_id"), *stored.values_of(value, "sha256")]
    keys += [author.get("id") for author in value.get("authors") or []]
    return {key for key in keys if isinstance(key, str)}


def _gone(draft: Draft | None) -> set[str]:
    """Sources that the text still names, and that are no more."""
    if draft is None:
        return set()
    values = [section.value for section in draft.sections]
    listed = [key for section in draft.of_kind("sources") for key in section.value.get("items") or []]
    keys = stored.source_keys(values) | {key for key in listed if isinstance(key, int)}
    return {_deleted(key) for key in keys - set(draft.sources)}


def _deleted(key: int) -> str:
    return f"deleted source {key}"


def _last(subject: str, part: str) -> Contribution | None:
    return Contribution.objects.filter(subject=subject, part=part).order_by("pk").last()


def _originals(content: dict[str, Any], subject: str) -> set[str]:
    """Of an article's first revision: the articles that it translates, or whose very words it has.

    No index helps with the words; that is why they are looked for once in an article's life.
    """
    if Contribution.objects.filter(subject=subject).exists():
        return set()
    translated = ArticlePage.objects.filter(translation_key=content["translation_key"])
    found = {str(article) for article in translated.values_list("article_id", flat=True)}
    if words := states.words_state(content):
        same = Contribution.objects.filter(part=WORDS, state=states.hash_of(words)).order_by()
        found |= set(same.values_list("subject", flat=True))
    return found - {subject}


def _all_of(articles: set[str], part: str) -> set[int | None]:
    if not articles or part == NOTE:
        return set()
    rows = Contribution.objects.filter(subject__in=articles, part=part).order_by()
    return set(rows.values_list("user_key", flat=True).distinct())
