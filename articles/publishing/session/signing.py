"""Signing sessions: one person signs the marked changes of several texts with one statement. Source: design §6.

A token of the server names what was on the screen, and the person's ticks say which differences they read. One
transaction writes all sign-offs; the worker publishes each text in a transaction of its own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from articles.errors import ContentChanged, DomainError
from articles.publishing.session import following
from articles.record.compare.differences import Change
from articles.record.models import Edition, SignOff
from articles.record.vocabulary import Scope
from articles.review.models import OpenNeed
from articles.review.needs import rules
from articles.review.needs.table import asked_of, write_needs
from articles.review.opening import open_review
from articles.review.review import Review
from articles.review.signing import authentication, marked, signatures, signoffs
from articles.review.signing.authentication import Confirmation, Given
from articles.review.signing.meanings import meaning_of

MOST = 100  # texts of one session
LOOKED_AT = 3 * MOST  # of those that may have to be read whole
SALT = "articles.publishing.session"
GOOD_FOR = timedelta(hours=12)  # how long the page may stay open


class NothingTicked(DomainError):
    """No text has all its differences ticked."""

    code = "nothing-ticked"
    title = "Nothing is ticked."
    status = 422


@dataclass(frozen=True)
class Waiting:
    """A text whose marked changes this person can sign. `parts` are those that they sign; each changed."""

    review: Review
    parts: list[str]
    told: list[Change]

    @property
    def shown(self) -> "Shown":
        base = self.review.base
        assert base is not None
        return Shown(
            subject=str(self.review.id),
            title=self.review.name,
            digests=self.review.shown(self.parts),
            before={part: base.digests[part] for part in self.parts},
            differences=marked.keys(self.told),
        )


@dataclass(frozen=True)
class Shown:
    """What the page showed of a text: {part: digest, note: mark}, {part: digest that it was compared with}, and the
    keys of its differences."""

    subject: str
    title: str
    digests: dict[str, str]
    before: dict[str, str]
    differences: list[str]


@dataclass
class Signed:
    """What came of it. `left_out`: (title, why) of each text that was not signed."""

    signoffs: list[SignOff] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def drafts_for(user: User) -> list[OpenNeed]:
    """The signatures that are asked of this person for drafts, the longest waiting first."""
    return [row for row in asked_of(user) if not row.is_edition and not row.obstacle]


def waiting_for(user: User, role: str, drafts: Iterable[OpenNeed] | None = None) -> tuple[list[Waiting], bool]:
    """The texts whose marked changes this person can sign in the role, the longest waiting first, at most MOST; and
    whether there may be more. A text that must be read whole is not among them.

    `drafts`: the result of `drafts_for`, if the caller has it.
    """
    rows = [row for row in (drafts_for(user) if drafts is None else drafts) if row.role == role]
    published = set(Edition.objects.filter(subject__in=[row.subject for row in rows]).values_list("subject", flat=True))
    rows = [row for row in rows if row.subject in published]
    found: list[Waiting] = []
    for at, row in enumerate(rows):
        if len(found) == MOST or at == LOOKED_AT:
            return found, True
        target = rules.find_target(row.subject)
        review = rules.try_load(target) if target else None
        parts = marked.signable(review, user, role) if review else []
        if review and parts and (told := marked.told(review, parts)):
            found.append(Waiting(review, parts, told))
    return found, False


def token_of(user: User, role: str, texts: Iterable["Shown"]) -> str:
    """What the page shows, for its form. Only the server can make it."""
    return signing.dumps([user.pk, role, [astuple(text) for text in texts]], salt=SALT, compress=True)


def read_token(token: str, user: User) -> tuple[str, list[Shown]]:
    """(role, texts). Raises ContentChanged for a page that is too old, that was altered, or that another person got."""
    try:
        key, role, texts = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        key, role, texts = None, "", []
    if key != user.pk:
        raise ContentChanged("Nothing was signed: this form is too old, or it is not the one that you were shown.")
    return role, [Shown(*text) for text in texts]


def sign_several(
    *, user: User, token: str, ticked: Collection[str], password: Given, request: HttpRequest | None = None
) -> Signed:
    """Sign the texts of the page whose differences are all ticked. `ticked`: keys of differences.

    A text that is ticked in part, that changed meanwhile, or that this person may not sign any more, is left out and
    named. Raises
    ContentChanged, NothingTicked, NotAuthenticated; then nothing was signed.
    """
    role, shown = read_token(token, user)
    chosen = [text for text in shown if text.differences and set(text.differences) <= set(ticked)]
    if not chosen:
        raise NothingTicked("Nothing was signed. A text is signed when all of its differences are ticked.")
    confirmation = authentication.confirm(user, password, request=request)
    signed = _sign(user, role, chosen, confirmation)
    in_part = [text for text in shown if text not in chosen and set(text.differences) & set(ticked)]
    signed.left_out += [(text.title, "Not all of its differences are ticked.") for text in in_part]
    for subject in dict.fromkeys(row.subject for row in signed.signoffs):
        following.publish_signed.enqueue(str(subject))
    return signed


@transaction.atomic
def _sign(user: User, role: str, chosen: Sequence[Shown], confirmation: Confirmation) -> Signed:
    signed, ready = Signed(), []
    asked = {str(row.subject) for row in drafts_for(user) if row.role == role}
    for text in sorted(chosen, key=lambda text: text.subject):  # everybody locks in this order
        try:
            if text.subject not in asked:
                raise ContentChanged("Your signature is not asked for any more.")
            ready.append(_open(text, user, role))
        except DomainError as error:
            signed.left_out.append((text.title, error.detail))
    if ready:
        covered = list(dict.fromkeys(part for text in ready for part in text.parts))
        meaning = meaning_of(role, covered, scope=Scope.CHANGES)
        signed.signoffs = signoffs.write_all(
            ready, role, scope=Scope.CHANGES, confirmation=confirmation, meaning=meaning
        )
    for each in ready:
        write_needs(each.review)
    return signed


def _open(text: Shown, user: User, role: str) -> signoffs.Ready:
    """The text as it is now, if it is what the page showed and this person may sign it. Raises what signing raises."""
    target = rules.find_target(UUID(text.subject))
    if target is None:
        raise ContentChanged("It was deleted.")
    review = open_review(target)
    ready = signoffs.prepare(review, user=user, role=role, shown=text.digests, scope=Scope.CHANGES)
    signatures.lock_documents(review)
    before = {part: review.base.digests[part] for part in ready.parts} if review.base else {}
    if before != text.before:
        raise ContentChanged("Another edition was published meanwhile, so its changes are others now.")
    return ready
