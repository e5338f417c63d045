"""A review: a text that can be signed, with its history, signatures and policies.

`open_review` locks and loads it once; all steps of an act share the same object.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from wagtail.models import Revision

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.document.components import component_draft
from articles.document.documents import Document
from articles.document.draft import DisclaimerData, Draft, OfferData
from articles.record import standing
from articles.record.canonical import canonical_bytes, digest_of
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import (
    TAKING_BACK,
    ChangeKind,
    DocumentKind,
    EventKind,
    Role,
    SubjectKind,
    SuggestionState,
)
from articles.review.logins import Links, ever_linked, logins_of, with_other_logins
from articles.review.models import Decline, Suggestion
from articles.review.policies.rules import Rules
from articles.review.signing.expired import expired

Target = ArticlePage | Offer | Disclaimer
MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value
NOTE = "note"


@dataclass(eq=False)
class Review:
    """`documents` and `policies` by part; `draft` for articles only; `history` holds its editions and events.

    `is_edition`: the documents are those of the latest edition, not of the draft. `revision`: the saved state that was
    rendered. `contributors`: by part, those that four_eyes has found already. `stored`: digests of its documents in the
    record, once they are locked. The object reflects added signatures and a new edition immediately.
    """

    kind: str
    id: UUID
    name: str
    documents: dict[str, Document]
    policies: dict[str, Rules]
    draft: Draft | None
    history: standing.History
    is_edition: bool = False
    target: Target | None = None
    revision: Revision | None = None
    is_locked: bool = False
    has_changed_for_readers: bool = False
    contributors: dict[str, set[int]] = field(default_factory=dict)
    stored: set[str] | None = None

    @cached_property
    def links(self) -> Links:
        """{(person, login)}, past and present."""
        return ever_linked(self.id)

    @property
    def is_article(self) -> bool:
        return self.kind == SubjectKind.ARTICLE

    @property
    def checked(self) -> Draft | OfferData | DisclaimerData | None:
        """The input of the checks; None if no draft renders to exactly this text."""
        if isinstance(self.target, Offer | Disclaimer):
            return component_draft(self.documents[self.kind], self.target)
        return self.draft

    @property
    def language(self) -> str:
        """The language of an article, which its signers must read; "" for a component."""
        return str(self.documents[MEDICAL].value.get("language", "")) if self.is_article else ""

    @property
    def digests(self) -> dict[str, str]:
        return digests_of(self.documents)

    @property
    def base(self) -> Edition | None:
        """The latest edition."""
        return self.history.editions[-1] if self.history.editions else None

    @property
    def withdrawal(self) -> Event | None:
        """The event of the latest withdrawal, whether the text was published or returned since."""
        return next((event for event in reversed(self.history.events) if event.kind in TAKING_BACK), None)

    @property
    def withdrawn(self) -> int:
        """Number of the latest withdrawal's event, or 0."""
        return self.withdrawal.number if self.withdrawal else 0

    @property
    def is_in_force(self) -> bool:
        """Whether the latest edition is published: not withdrawn, or returned since."""
        returned = [event.number for event in self._returns]
        return self.base is not None and max([self.base.event, *returned]) > self.withdrawn

    @property
    def _returns(self) -> list[Event]:
        return [event for event in self.history.events if event.kind == EventKind.RETURNED]

    @property
    def is_current(self) -> bool:
        """Whether exactly this text is published already."""
        return self.base is not None and self.is_in_force and self.base.digests == self.digests

    @property
    def is_vouched(self) -> bool:
        """Whether the latest edition has all its signatures: no emergency and no voided signature is unresolved."""
        return self.base is not None and standing.is_vouched(self.history)

    @property
    def has_base(self) -> bool:
        """Whether there is a complete edition to compare with, so that its changes alone can be signed."""
        return self.is_in_force and self.is_vouched and not self.is_current

    @property
    def names(self) -> dict[str, str]:
        """What ids in its documents stand for, in words."""
        return self.draft.names if self.draft else {}

    @property
    def since(self) -> datetime | None:
        """When the latest edition was published."""
        return self.base.published_at if self.base else None

    @cached_property
    def rules(self) -> dict[str, Rules]:
        """{part: rules of its policies}; an editorial change needs no editor's signature on the medical part."""
        return {
            part: replace(rules, is_editorial=True) if part == MEDICAL and self._is_without_editor else rules
            for part, rules in self.policies.items()
        }

    @property
    def _is_without_editor(self) -> bool:
        """Whether the medical part is an editorial change, or was published as one and has stayed since."""
        if self.base is None or self.asks_clinicians:
            return self.is_editorial
        return Role.EDITOR not in self.base.review.get("signatures", (Role.EDITOR,))

    @cached_property
    def is_editorial(self) -> bool:
        """Whether the author proposes the change of the medical part as editorial, without a note to readers.

        This requires a published text that has all its signatures.
        """
        if not self.draft or not self.is_in_force or not self.is_vouched or not self.asks_clinicians:
            return False
        return self.is_wording_only and not self.draft.change_note.strip() and not self.draft.is_correction

    @property
    def is_wording_only(self) -> bool:
        """Whether the author marked the change as one of wording only, without a note to readers."""
        return self.revision is not None and bool(self.revision.content.get("is_editorial"))

    @cached_property
    def change(self) -> dict[str, Any]:
        """The signed public change note: {kind, note, correction}; empty if nothing changes for readers.

        Only a change of the medical part has a note, because a clinician signs it with that part.
        """
        if self.base is None or self.draft is None or self.is_current:
            return {}
        if self.asks_clinicians and not self.is_editorial:
            said = {"note": self.draft.change_note, "correction": self.draft.is_correction}
            return {"kind": ChangeKind.MATERIAL.value, **said}
        return {"kind": ChangeKind.EDITORIAL.value, "note": "", "correction": False}

    @property
    def asks_clinicians(self) -> bool:
        """Whether this medical part is not published yet: another digest always needs a clinician."""
        stays = self.base is not None and self.base.digests.get(MEDICAL) == self.digests.get(MEDICAL)
        return not (stays and self.is_in_force)

    @property
    def note_mark(self) -> str:
        """The digest of the public change note; it is shown, and signed, with the digests of the parts."""
        return digest_of(canonical_bytes(self.change)) if self.change else ""

    def shown(self, parts: Iterable[str]) -> dict[str, str]:
        """{part: digest, note: mark} for a form: what is on the screen when these parts are signed."""
        return {part: self.digests[part] for part in parts} | ({NOTE: self.note_mark} if self.change else {})

    @property
    def byline(self) -> set[UUID]:
        """Ids of the people named as authors."""
        if self.draft:
            return {UUID(author.id) for author in self.draft.authors}
        presentation = self.documents.get(PRESENTATION)
        return {UUID(author["id"]) for author in presentation.value["authors"]} if presentation else set()

    @cached_property
    def signoffs(self) -> list[SignOff]:
        """All sign-offs on exactly these documents, oldest first, whether they count or not."""
        return list(SignOff.objects.filter(subject=self.id, digest__in=self.digests.values()).order_by("event"))

    @cached_property
    def declines(self) -> list[Decline]:
        """The declined requests to sign it since the latest edition, oldest first."""
        rows = Decline.objects.filter(subject=self.id).select_related("user__person").order_by("at", "pk")
        return list(rows.filter(at__gt=self.since) if self.since else rows)

    @cached_property
    def accepted_suggestions(self) -> list[Suggestion]:
        """The suggestions that went into the draft since the latest edition, in the order of their acceptance."""
        if self.is_edition or not self.is_article:
            return []
        return [row for row in self.decided_suggestions if row.state == SuggestionState.ACCEPTED]

    @cached_property
    def decided_suggestions(self) -> list[Suggestion]:
        """The suggestions that were accepted or rejected since the latest edition, in the order of the decisions."""
        rows = Suggestion.objects.filter(
            article=self.id, state__in=[SuggestionState.ACCEPTED, SuggestionState.REJECTED]
        )
        rows = rows.filter(decided_at__gt=self.since) if self.since else rows
        return list(rows.select_related("user__person", "decided_by__person").order_by("decided_at", "pk"))

    @property
    def voided(self) -> set[int]:
        """Keys of the voided sign-offs."""
        return {event.data["signoff"] for event in self.history.events if event.kind == EventKind.VOIDED}

    @cached_property
    def _barred(self) -> set[int]:
        """Keys of the sign-offs that never count: voided ones, those on changes that rest on voided ones, those of
        people on the byline, and those that returned the text after a withdrawal, which nobody read again."""
        authors = logins_of(self.byline, links=self.links) if self.byline and self.signoffs else set()
        own = {row.pk for row in self.signoffs if row.user in authors or row.person in self.byline}
        voided = self.voided
        hollow = {row.pk for row in self.signoffs if voided and standing.leaned_on(row, self.history) & voided}
        return voided | hollow | own | {key for event in self._returns for key in event.data["signoffs"]}

    @cached_property
    def _expired(self) -> set[int]:
        """Keys of the pending sign-offs whose signer has since lost the right to sign."""
        return expired(row for row in self.signoffs if row.pk not in self._barred and not self._is_in_force(row))

    def counting(self, part: str) -> list[SignOff]:
        """The sign-offs that count for the part as it is now, oldest first, the latest of each person by any login.

        A sign-off counts if it was given after the latest edition and the latest withdrawal, for the current note to
        readers. It also counts if its digest is that of the part in the current edition, and it is one of the
        edition's sign-offs or was given later.
        """
        return self.latest_of_each(
            [
                row
                for row in self.signoffs
                if row.part == part
                and row.pk not in self._barred
                and row.pk not in self._expired
                and (self._is_in_force(row) or self._is_new(row))
            ]
        )

    def latest_of_each(self, rows: list[SignOff]) -> list[SignOff]:
        """The last sign-off of each person; `rows` are in order. Two logins of one person count as one."""
        if len({row.user for row in rows}) < 2:
            return rows[-1:]
        kept: list[SignOff] = []
        for row in rows:
            own = with_other_logins({row.user}, links=self.links)
            kept = [*(other for other in kept if other.user not in own), row]
        return kept

    def _is_new(self, row: SignOff) -> bool:
        latest = max(self.base.event if self.base else 0, self.withdrawn)
        return row.event > latest and (row.change == self.change or self.is_current)

    def _is_in_force(self, row: SignOff) -> bool:
        if self.base is None or not self.is_in_force or self.base.digests.get(row.part) != row.digest:
            return False
        return row.pk in self.base.signoffs or row.event > self.base.event

    def add(self, row: SignOff) -> None:
        """Add a sign-off that was written in this transaction."""
        self.signoffs.append(row)
        self.history = replace(self.history, signoffs={**self.history.signoffs, row.pk: row})

    def succeed(self, edition: Edition) -> None:
        """Add the edition that was published in this transaction, and reset all values that depend on it."""
        self.history = replace(self.history, editions=[*self.history.editions, edition])
        self.has_changed_for_readers = True
        self.contributors.clear()
        self.accepted_suggestions = []
        for name in ("rules", "is_editorial", "change"):
            self.__dict__.pop(name, None)

    def vouched_before(self, part: str) -> Edition | None:
        """The latest edition that had all its signatures and another text of this part; None if there is none.

        Everyone who changed the part since then contributed to its current text, even if that text is published
        already, or was published in an emergency.
        """
        seen = self.history
        while seen.editions:
            edition = seen.editions[-1]
            if edition.digests.get(part) != self.digests[part] and standing.is_vouched(seen):
                return edition
            seen = seen.until(edition.event)
        return None


def digests_of(documents: Mapping[str, Document]) -> dict[str, str]:
    """{part: digest}."""
    return {part: document.digest for part, document in documents.items()}
