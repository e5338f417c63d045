"""The record: documents, signatures, editions and events. It has no references to tables outside itself.

Append-only: Document, SignOff, Edition, Event (triggers refuse change, see append_only/).
Derived: Publication, ComponentPublication, Path, Facet, SearchText, Link, TopicEntry, OldAddress, Rendition,
KeyCard, KeyRevocation.
`delivery.project` computes all their columns from the append-only part; `recompose` rewrites them, and `ledger verify`
compares them. TreeTile and TreeHead are the log over the events (articles.record.tree). ArticleState and FeedState are
what the delivery key signed last about what readers get (articles.publishing.proof.states).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import models
from django.db.models import Q

from articles.record.vocabulary import (
    AfterGrace,
    ChangeKind,
    DocumentKind,
    EventKind,
    Method,
    PublicationState,
    Role,
    Scope,
    SubjectKind,
)

DIGEST_LENGTH = len("sha-256:") + 64


class DigestField(models.CharField):
    """`sha-256:` and 64 hex digits."""

    def __init__(self, **options) -> None:
        super().__init__(**(options | {"max_length": DIGEST_LENGTH}))


class Document(models.Model):
    """The canonical bytes of a part or a component, stored under their digest when they are signed."""

    digest = DigestField(primary_key=True)
    kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    format = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind"])]


class Event(models.Model):
    """One line of the ledger. `hash` covers all other columns and the hash of the line before.

    `salt`: 128 random bits in hex, so that the hash tells nothing to somebody who guesses what the line says; empty in
    lines from before there was a log (articles.record.tree).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=32, choices=EventKind.choices)
    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField()
    at = models.DateTimeField()
    actor = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, default="")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["subject", "number"])]


class Counter(models.Model):
    """The head of the ledger in the row `events`: the last number given and its hash, locked to append. The row `epoch`
    is articles.record.epoch's."""

    name = models.CharField(max_length=16, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class SignOff(models.Model):
    """A person's signature, in a role, on one digest of one article or component.

    All data of the person are copied as they were at that moment; `event` is the ledger line.
    `meaning`: the sentence above the signature. `statement`: the canonical JSON that was signed, with all parts of the
    same signature in its items (articles.review.signing.statement). `method`: how the person was authenticated;
    `proof`: what the passkey answered (articles.record.keys.proofs), empty with a password.
    `change`: {kind, note, correction}, the public change note as the signer saw it. `actor`: see Edition.
    Designed after 21 CFR 11.50 (printed name, time, meaning) and 11.70 (bound to the record).
    """

    actor: Mapping[str, Any] = MappingProxyType({})

    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField()
    part = models.CharField(max_length=16, choices=DocumentKind.choices)
    digest = DigestField()
    role = models.CharField(max_length=16, choices=Role.choices)
    scope = models.CharField(max_length=16, choices=Scope.choices, default=Scope.WHOLE)
    meaning = models.TextField()
    statement = models.TextField()
    checklist = models.JSONField(default=dict)
    user = models.PositiveBigIntegerField()
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=255)
    credentials = models.CharField(max_length=255, blank=True)
    specialty = models.CharField(max_length=255, blank=True)
    registration = models.CharField(max_length=255, blank=True)
    valid_until = models.DateField(null=True)
    method = models.CharField(max_length=32, choices=Method.choices)
    proof = models.JSONField(default=dict)
    change = models.JSONField(default=dict)
    signed_at = models.DateTimeField()
    event = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering = ["event"]
        indexes = [models.Index(fields=["subject", "part", "digest"])]


class Edition(models.Model):
    """A numbered, immutable set of signed documents of one article or component.

    `digests`: {part: digest}; `signoffs`: ids of the sign-offs that it relies on; `revision`: the Wagtail revision, for
    reference; `translation_key` is the same for an article and its translations, null for a component. `actor` is who
    writes it, {user, name}, while it is being written (articles.record.events.insert), for those who hear of it then.
    """

    actor: Mapping[str, Any] = MappingProxyType({})

    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField()
    translation_key = models.UUIDField(null=True)
    number = models.PositiveIntegerField()
    digests = models.JSONField()
    signoffs = models.JSONField(default=list)
    change_kind = models.CharField(max_length=16, choices=ChangeKind.choices, blank=True)
    change_note = models.TextField(blank=True)
    review = models.JSONField(default=dict)
    revision = models.PositiveBigIntegerField(null=True)
    published_at = models.DateTimeField()
    event = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering = ["subject", "number"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_from_one"),
        ]
        indexes = [models.Index(fields=["translation_key"], name="edition_translations")]


class Publication(models.Model):
    """The published state of an article, one row per article. Delivery serves its bytes unchanged.

    body       the article with rich text as HTML; what `GET articles/{slug}/` answers
    body_gzip  the same, compressed
    portable   the article with rich text as Portable Text; HTML and Markdown derive from it
    card       the article with `content` cut for lists
    filing     {slug, locale, translation_key, topics: [{slug, name}]}: how the article is found
    notice     for a withdrawn one: {reason, explanation, replacement, withdrawn_at, temporary}; it keeps no body
    title_key  the place of the title in the alphabet (articles.record.search.alphabet)
    reviewed_on  the day on which the whole text was reviewed last
    event      number of the last event that may have changed the row; composed_at is its time
    read_to    number of the last event of its components, sources, link targets and translations
    composer   version of the code that composed it

    From `grace_ends_at` on, `after_grace` applies, even before the row is recomposed.
    """

    article = models.UUIDField(primary_key=True)
    translation_key = models.UUIDField()
    locale = models.CharField(max_length=16)
    slug = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=PublicationState.choices)
    edition = models.PositiveIntegerField()
    components = models.JSONField(default=list)
    filing = models.JSONField(default=dict)
    notice = models.JSONField(null=True)
    title = models.CharField(max_length=255)
    title_key = models.BinaryField(default=b"")
    body = models.BinaryField()
    body_gzip = models.BinaryField()
    portable = models.BinaryField()
    card = models.BinaryField()
    etag = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    first_published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    composed_at = models.DateTimeField()
    fresh_until = models.DateTimeField(null=True)
    reviewed_on = models.DateField(null=True)
    next_review_on = models.DateField(null=True)
    grace_ends_at = models.DateTimeField(null=True)
    after_grace = models.CharField(max_length=16, choices=AfterGrace.choices, blank=True)
    event = models.PositiveBigIntegerField()
    read_to = models.PositiveBigIntegerField()
    composer = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="publication_slug_once")]
        indexes = [
            models.Index(fields=["state", "published_at", "article"], name="publication_newest"),
            models.Index(fields=["state", "first_published_at", "article"], name="publication_first"),
            models.Index(fields=["event"], name="publication_changes"),
            models.Index(fields=["state", "title_key", "article"], name="publication_alphabet"),
            models.Index(fields=["state", "updated_at"], name="publication_updated"),
            models.Index(fields=["state", "reviewed_on"], name="publication_reviewed"),
            models.Index(fields=["translation_key"], name="publication_translations"),
            models.Index(fields=["fresh_until"], name="publication_due"),
            models.Index(fields=["next_review_on"], name="publication_review"),
        ]


class ComponentPublication(models.Model):
    """The current edition of a component, one row per component."""

    component = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    state = models.CharField(max_length=16, choices=PublicationState.choices)
    edition = models.PositiveIntegerField()
    digest = DigestField()
    published_at = models.DateTimeField()
    event = models.PositiveBigIntegerField()


class Path(models.Model):
    """A current or former slug of an article, in its one form (articles.record.slugs), so that each leads to one."""

    locale = models.CharField(max_length=16)
    slug = models.CharField(max_length=255)
    article = models.UUIDField(db_index=True)
    current = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="path_once")]


class Facet(models.Model):
    """A filter value of a published article: (topic, hair-and-scalp), (code, icd-10-cm|L65.9), …

    `label`: what the article calls a code.
    """

    article = models.UUIDField()
    name = models.CharField(max_length=16)
    value = models.CharField(max_length=255)
    label = models.CharField(max_length=255, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "name", "value"], name="facet_once")]
        indexes = [models.Index(fields=["name", "value", "article"], name="facet_lookup")]


class SearchText(models.Model):
    """What search reads of a served article (articles.record.search): plain text for fragments, words for the index.

    `number`: that of the event that published the first edition, so it grows with `first_published_at`.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    article = models.UUIDField(unique=True)
    names = models.TextField()
    summary = models.TextField()
    text = models.TextField()
    words = models.TextField()


class Link(models.Model):
    """A target that a published article shows or links to: (component, id), (article, id), (source, id), …"""

    article = models.UUIDField()
    relation = models.CharField(max_length=16)
    target = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "relation", "target"], name="link_once")]
        indexes = [models.Index(fields=["relation", "target", "article"], name="link_lookup")]


class TopicEntry(models.Model):
    """A topic of published articles, with its name from `event`, the latest event that names it."""

    slug = models.CharField(max_length=255, primary_key=True)
    name = models.CharField(max_length=255)
    event = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["name", "slug"]


class OldAddress(models.Model):
    """Where an imported article was before, by the `key` of its path (articles.record.slugs), from `event`, the latest
    import from there. Whether the article was ever published does not matter."""

    key = models.CharField(max_length=64, primary_key=True)
    address = models.TextField()
    article = models.UUIDField()
    event = models.PositiveBigIntegerField()


class Rendition(models.Model):
    """A file made from a signed image, `<image>/<width>.<extension>`, from `event`, the latest event that names it."""

    image = DigestField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    type = models.CharField(max_length=32)
    sha256 = DigestField()
    path = models.CharField(max_length=255)
    event = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["image", "type", "width"]
        constraints = [models.UniqueConstraint(fields=["image", "width", "type"], name="rendition_once")]


class KeyCard(models.Model):
    """A card that the organisation's key signed, from `event`; `holder`: person, delivery, or organisation itself.

    `card` is a compact JWS; for the organisation's own key one by the key before, "" if there was none or it was lost.
    """

    event = models.PositiveBigIntegerField(primary_key=True)
    key = models.CharField(max_length=64, db_index=True)
    holder = models.CharField(max_length=16)
    subject = models.UUIDField()
    spki = models.TextField()
    card = models.TextField()
    at = models.DateTimeField()


class KeyRevocation(models.Model):
    """From `since` on nothing counts that the key signs, by `event`, the latest that revokes it."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.CharField(max_length=32)
    reason = models.CharField(max_length=16)
    event = models.PositiveBigIntegerField()


class TreeTile(models.Model):
    """Up to 256 hashes, one after the other, of complete subtrees of the log with 256**`level` leaves each."""

    level = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="tree_tile_once")]


class TreeHead(models.Model):
    """A head of the log: the root (hex) over the first `size` events, as it was at `at`.

    `signed`: a compact JWS by the delivery key, empty without one. `stamp`: the answer of a time-stamp authority about
    it (RFC 3161, DER), empty without one. A head without a stamp is replaced by the next.
    """

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    signed = models.TextField()
    stamp = models.BinaryField()


class ArticleState(models.Model):
    """What the delivery key signed last about one article: a compact JWS, `signed`, good until `valid_until`.

    It counts while the article's publication has the same `event`, and `key` is not revoked. `edition`, `medical` and
    `presentation` say what of it readers get, and nothing for one that they do not get. From `withheld_at` on its
    policy withholds it. The worker signs it again at `renew_at`.
    """

    article = models.UUIDField(primary_key=True)
    locale = models.CharField(max_length=16)
    event = models.PositiveBigIntegerField()
    edition = models.PositiveIntegerField(null=True)
    medical = models.CharField(max_length=DIGEST_LENGTH)
    presentation = models.CharField(max_length=DIGEST_LENGTH)
    key = models.CharField(max_length=64)
    signed = models.TextField()
    valid_until = models.DateTimeField()
    withheld_at = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(db_index=True)


class FeedState(models.Model):
    """What the delivery key signed last about the whole set that the feed leads to, in one language or ("") in all.

    It counts while no publication has a later event than `event`, in the same `epoch` (articles.record.epoch). The row
    for all languages says, with `renew_at`, when the worker next has something to sign again.
    """

    locale = models.CharField(max_length=16, primary_key=True)
    epoch = models.CharField(max_length=64)
    event = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64)
    signed = models.TextField()
    valid_until = models.DateTimeField()
    renew_at = models.DateTimeField()
