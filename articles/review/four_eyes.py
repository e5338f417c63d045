"""The four-eyes rule: contributors to a part may not sign it. `contributors` returns them (design §6).

A contributor to a part of an article, or to a component, is anyone who:

- saved it so that it renders to another digest, since the last complete edition with another text of the part;
- changed what is printed of a source, image or person in it since that edition, or at any time if that edition did not
  print it; or deleted something that it printed, or merged it into another record;
- wrote a text that is restored: the whole part, a section or a field, regardless of punctuation;
- wrote the note to readers, or proposed to have none (this concerns the medical part);
- suggested words that were accepted into a draft (own_words says when they may still sign it);
- is named on the byline;
- contributed to the article that this one was copied or translated from.

A text that cannot be rendered counts as a change of both parts. All logins of one person count as one.
"""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Max, Model, Q
from django.utils import timezone
from wagtail.models import Revision

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.page_form import OF_ONE_CHANGE
from articles.authoring.people import Person
from articles.document import stored
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.draft import Draft
from articles.document.gather import gather, require_known_blocks
from articles.document.render import render
from articles.errors import DomainError
from articles.record.models import Document as StoredDocument
from articles.record.models import Edition
from articles.review import logins, own_words
from articles.review.models import Contribution, WrittenPiece
from articles.review.review import MEDICAL, NOTE, PRESENTATION, Review
from articles.sources.models import Source

Json = Mapping[str, Any]
Users = Iterable[int | None]
Seen = set[tuple[str, str, str]]  # (subject, part, mark) of pieces that were written before
Printed = Source | Image | Person
Named = Printed | Offer | Disclaimer | ArticlePage

KEY_OF: dict[type[Model], str] = {
    Source: "source_id",
    Image: "sha256",
    Person: "person_id",
    Offer: "component_id",
    Disclaimer: "component_id",
    ArticlePage: "article_id",
}
KEY = re.compile(r"sha-256:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FORM = frozenset({"id", "_type", "_key", "style", "marks", "listItem", "number", "reference", "references"})
NOTHING = "nothing"  # the digest of an empty note, and of a deleted source; begins that of a merged one
UNKNOWN = ""  # the digest of a text that cannot be rendered


class State(NamedTuple):
    """The digest of a part. `marks`: hashes that identify its pieces (`_marks`), and the keys of what it prints."""

    digest: str
    marks: frozenset[str] = frozenset()


def contributors(review: Review, part: str) -> set[int]:
    """Keys of all logins that may not sign this part. At most four queries, once for an open review; more only where
    suggestions were accepted."""
    if part not in review.contributors:
        review.contributors[part] = _contributors(review, part)
    return review.contributors[part]


def _contributors(review: Review, part: str) -> set[int]:
    before = review.vouched_before(part)
    values, signed = {name: each.value for name, each in review.documents.items()}, _signed_values(before)
    own = WrittenPiece.objects.filter(subject=str(review.id))
    printed, known = _keys(part, values), _keys(part, signed)
    changed = Q(subject__in=printed & known) | Q(
        subject__in=own.filter(part=part).values("mark"), digest__startswith=NOTHING
    )
    material = Q(part="") & (Q(subject__in=printed - known) | changed & _after(before, by_number=False))
    rows = Q(subject=str(review.id), part=part) & _after(before) | material
    pieces = Q(part=part, mark__in=_state(part, review.documents).marks - _marks(part, signed))
    if part == MEDICAL and review.change and review.asks_clinicians and review.revision:
        rows |= Q(subject=str(review.id), part=NOTE) & _after(review.base)
        pieces |= Q(part=NOTE, mark__in=_note_of(review.revision.content).marks)
    found = {*_users(Contribution.objects.filter(rows, _until(review))), *_users(own.filter(pieces))}
    found |= own_words.suggesters(review) if part == MEDICAL else set()
    found |= logins.logins_of(review.byline, links=review.links)
    return logins.with_other_logins(found, links=review.links)


def note_article(revision: Revision, *, users: Users) -> None:
    """Record what a saved revision, new or overwritten in place, changed in the two parts and the note to readers."""
    draft = gather(revision)
    states = _states_of_article(draft) | {NOTE: _note_of(revision.content)}
    sections = {section.id for section in draft.sections if KEY.fullmatch(section.id)}
    _note(
        str(draft.article), states, users=users, revision=revision.pk, sections=sections, family=draft.translation_key
    )


def note_component(component: Offer | Disclaimer, *, users: Users, revision: int | None = None) -> None:
    kind = component.subject_kind
    try:
        state = _state(kind, {kind: render_component(component)})
    except DomainError:
        state = State(UNKNOWN)
    _note(str(component.component_id), {kind: state}, users=users, revision=revision)


def note_printed(row: Printed, *, user: int | None) -> None:
    """Record a saved source, image or person as a contribution, if its printed data changed. A source that was merged
    into another prints nothing any more, as if it were deleted."""
    key, said = str(getattr(row, KEY_OF[type(row)])), _hash(_printed(row))
    if isinstance(row, Source) and row.merged_into:
        said = f"{NOTHING}:{row.merged_into.source_id}"
    if _last(key).get("") != said:
        Contribution.objects.create(subject=key, part="", user_key=user, digest=said, at=timezone.now())


def note_deleted(row: Named, *, user: int | None) -> None:
    """Record a deletion as a contribution, since it changes every text that names the row without a save."""
    key = str(getattr(row, KEY_OF[type(row)]))
    Contribution.objects.create(subject=key, part="", user_key=user, digest=NOTHING, at=timezone.now())


def _note(
    subject: str,
    states: Mapping[str, State],
    *,
    users: Users,
    revision: int | None,
    sections: Iterable[str] = (),
    family: UUID | None = None,
) -> None:
    """Record who changed each part, and who wrote its new pieces. At most eight queries, one if nothing changed.

    `sections`: ids of an article's sections. `family`: its translation key.
    """
    last = _last(subject)
    changed = {
        part: state
        for part, state in states.items()
        if state.digest == UNKNOWN or state.digest != last.get(part, NOTHING)
    }
    if not changed:
        return
    marks = {mark for state in changed.values() for mark in state.marks}
    pieces = WrittenPiece.objects.filter(Q(subject=subject, mark__in=marks) | Q(mark__in=sections))
    seen = set(pieces.values_list("subject", "part", "mark"))
    inherited = _writers_of(_originals(subject, seen, sections, family=None if last else family))
    helpers = {part: {user for user in users if user} | inherited[part] for part in changed}
    now = timezone.now()
    Contribution.objects.bulk_create(
        Contribution(subject=subject, part=part, user_key=user, revision=revision, digest=state.digest, at=now)
        for part, state in changed.items()
        for user in (*helpers[part],) or (None,)
    )
    _remember(subject, changed, seen, helpers)


def _originals(subject: str, seen: Seen, sections: Iterable[str], *, family: UUID | None) -> set[str]:
    """The articles that this one was copied or translated from. A copy keeps the ids of the sections."""
    own = {mark for each, _, mark in seen if each == subject}
    found = {each for each, _, mark in seen if mark in sections and mark not in own}
    if family:
        translations = ArticlePage.objects.filter(translation_key=family)
        found |= {str(article) for article in translations.values_list("article_id", flat=True)}
    return found - {subject}


def _writers_of(articles: set[str]) -> dict[str, set[int]]:
    return _users_by_part(Contribution.objects.filter(subject__in=articles)) if articles else defaultdict(set)


def _remember(subject: str, changed: Mapping[str, State], seen: Seen, helpers: Mapping[str, set[int]]) -> None:
    """Attribute the new pieces of a part to everyone who worked on the part since the latest edition."""
    latest = Edition.objects.filter(subject=UUID(subject)).order_by("number").last()
    working = _users_by_part(Contribution.objects.filter(_after(latest), subject=subject, part__in=changed))
    WrittenPiece.objects.bulk_create(
        (
            WrittenPiece(subject=subject, part=part, mark=mark, user_key=user)
            for part, state in changed.items()
            for mark in state.marks
            if (subject, part, mark) not in seen
            for user in helpers[part] | working[part]
        ),
        ignore_conflicts=True,
    )


def digests_saved(subjects: Iterable[str]) -> dict[str, dict[str, str]]:
    """{subject: {part: digest that the last contribution left}}, in one query."""
    rows = Contribution.objects.filter(subject__in=subjects).order_by()
    latest = rows.values("subject", "part").annotate(latest=Max("pk")).values("latest")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, part, digest in Contribution.objects.filter(pk__in=latest).values_list("subject", "part", "digest"):
        found[subject][part] = digest
    return found


def _last(subject: str) -> dict[str, str]:
    return digests_saved([subject])[subject]


def _after(edition: Edition | None, *, by_number: bool = True) -> Q:
    """Contributions after the edition, by number and by time, because clocks may go back and autosave overwrites
    revisions in place."""
    if edition is None:
        return Q()
    later = Q(at__gt=edition.published_at)
    return later | Q(revision__gt=edition.revision or 0) if by_number else later


def _until(review: Review) -> Q:
    """Contributions up to the latest edition, if that edition is signed again; otherwise all."""
    if not review.is_edition or review.base is None:
        return Q()
    return Q(at__lte=review.base.published_at) & (Q(revision=None) | Q(revision__lte=review.base.revision or 0))


def _users(rows: Any) -> Iterator[int]:
    return iter(rows.exclude(user_key=None).order_by().values_list("user_key", flat=True).distinct())


def _users_by_part(rows: Any) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for part, user in rows.exclude(user_key=None).order_by().values_list("part", "user_key").distinct():
        found[part].add(user)
    return found


def _signed_values(edition: Edition | None) -> dict[str, Json]:
    """{part: signed document of the edition}, without parts whose bytes were erased."""
    digests = {digest: part for part, digest in edition.digests.items()} if edition else {}
    rows = StoredDocument.objects.filter(digest__in=digests).values_list("digest", "content") if digests else ()
    return {digests[digest]: json.loads(bytes(content)) for digest, content in rows if content}


def _states_of_article(draft: Draft) -> dict[str, State]:
    try:
        require_known_blocks(draft)
        documents = render(draft)
    except DomainError:
        return {MEDICAL: State(UNKNOWN), PRESENTATION: State(UNKNOWN)}
    return {part: _state(part, documents) for part in documents}


def _state(part: str, documents: Mapping[str, Document]) -> State:
    digest, values = documents[part].digest, {name: each.value for name, each in documents.items()}
    return State(digest, frozenset({digest, *_marks(part, values)}))


def _note_of(content: Json) -> State:
    """The proposed note to readers of a saved revision, with its flags for corrections and editorial changes."""
    said = {name: content.get(name) or default for name, default in OF_ONE_CHANGE.items()}
    if said == OF_ONE_CHANGE:
        return State(NOTHING)
    return State(_hash(said), frozenset(_marks(NOTE, {NOTE: {"note": said["change_note"]}})))


def _marks(part: str, values: Mapping[str, Json]) -> set[str]:
    """Hashes by which the pieces of a part are recognized: one for the letters of each nonempty member and section.

    Includes the keys of what the part prints. Capitals, accents, punctuation and formatting do not count.
    """
    value = values.get(part, {})
    pieces = [*value.items(), *(("section", section) for section in value.get("sections", ()))]
    said = {(name, letters) for name, piece in pieces if (letters := _letters(piece))}
    return {_hash(each) for each in said} | _keys(part, values)


def _keys(part: str, values: Mapping[str, Json]) -> set[str]:
    """Ids and hashes in the part. The presentation includes the pictures that the medical part names."""
    found = {text for text in stored.strings_of(values.get(part, {})) if KEY.fullmatch(text)}
    if part == PRESENTATION:
        found |= {key for key in _keys(MEDICAL, values) if key.startswith("sha-256:")}
    return found


def _letters(value: Any) -> str:
    text = unicodedata.normalize("NFKD", "".join(_texts(value))).casefold()
    return "".join(character for character in text if character.isalnum())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for name, item in sorted(value.items()) if name not in FORM for text in _texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))
    elif value:
        yield str(value)


def _printed(row: Printed) -> list[Any]:
    """The data of the row that readers may see; its status, license and roles are shown by other means."""
    if isinstance(row, Source):
        return [row.csl, row.design, row.url]
    if isinstance(row, Image):
        return [row.alt, row.credit, row.width, row.height, row.focal_point_x, row.focal_point_y]
    return [row.name, row.credentials]


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
