"""Safety notices: up to 500 characters, signed by one clinician on call, shown at once above all chosen articles.

A notice has a text for each language of its articles. One on more than ten articles needs a second person within an
hour, or it is removed.

Each article gets its own ledger line; all of them, with their translations, change in one transaction. A notice stays
until it is removed, from all articles together. A withdrawn article keeps it for its next publication, and a
translation that is published later gets it with its edition.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language_info

from articles.authoring.permissions import MAY_NOTICE, require_permission
from articles.document.characters import names_of, unreadable_signs
from articles.document.documents import make_document
from articles.errors import DomainError, NotPublished
from articles.publishing.recompose import rewrite
from articles.record import events, history, words
from articles.record.delivery.notices import told_beside
from articles.record.documents import read_document
from articles.record.events import instant
from articles.record.models import Document as Signed
from articles.record.models import Event, Publication, SignOff
from articles.record.standing import History
from articles.record.vocabulary import SERVED, DocumentKind, EventKind, Role, Scope, SubjectKind
from articles.review.review import Review
from articles.review.roles import actor
from articles.review.signing import authentication, signoffs
from articles.review.signing.authentication import Confirmation, Given
from articles.review.signing.meanings import NOTICE

LONGEST, LONGEST_REASON = 500, 1000  # characters
ALONE = 10  # articles on which one person alone may keep a notice
TO_CONFIRM = timedelta(hours=1)
PART = DocumentKind.NOTICE.value


class CannotNotice(DomainError):
    """The notice is empty, too long or not shown anywhere, or the reason is missing."""

    code = "cannot-notice"
    title = "The notice was not changed."
    status = 422


def give(
    *,
    articles: Iterable[UUID],
    texts: Mapping[str, str],
    user: User,
    password: Given,
    request: HttpRequest | None = None,
) -> UUID:
    """Show a notice above these articles and their translations. Returns the notice's id.

    `texts`: {language: text}, with one for each language of the articles. Raises NotPermitted, CannotNotice,
    NotPublished, NotAuthenticated, CannotSign; then nothing was shown.
    """
    require_permission(user, MAY_NOTICE)
    said = {words.base(language): text for language, text in texts.items()}
    for text in said.values():
        _require_text(text)
    confirmation = authentication.confirm(user, password, request=request)
    signoffs.require_role(user, Role.MEDICAL)
    with transaction.atomic():
        rows = _with_translations(articles)
        if not any(row.state in SERVED for row in rows):
            raise NotPublished("None of these articles is published, so the notice cannot be shown.")
        used = {words.base(row.locale) for row in rows}
        if missing := sorted(used - set(said)):
            names = " and ".join(language_name(language) for language in missing)
            raise CannotNotice(f"Some of these articles are in {names}. Write the notice in {names}, too.")
        signed = sign_words(said, confirmation)
        alone: dict[str, object] = {"of": len(rows)}
        if len(rows) > ALONE:
            alone["confirm_until"] = instant(timezone.now() + TO_CONFIRM)
        for language, row in signed.items():
            alike = [each for each in rows if words.base(each.locale) == language]
            tell(alike, EventKind.NOTICED, actor(user), _data(row) | alone)
    return next(iter(signed.values())).subject


def languages_of(articles: Iterable[UUID]) -> list[str]:
    """The languages in which a notice on these articles and their translations is needed."""
    keys = Publication.objects.filter(article__in=list(articles)).values("translation_key")
    locales = Publication.objects.filter(translation_key__in=keys).values_list("locale", flat=True)
    return sorted({words.base(locale) for locale in locales})


def language_name(language: str) -> str:
    """“German”; a language that Django does not know, by its code."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return f"the language “{language}”"


def sign_words(texts: Mapping[str, str], confirmation: Confirmation) -> dict[str, SignOff]:
    """Sign a text that readers see at once, in each of its languages, as a clinician, with one statement.

    Runs in the caller's transaction, which checked the role. Returns the sign-offs by language. Their subject is the
    new notice's id.
    """
    key, nothing = confirmation.subject or uuid4(), History([], [], {})
    made = {each: make_document(PART, {"text": text.strip(), "language": each}) for each, text in texts.items()}
    reviews = [Review(PART, key, texts[each], {PART: made[each]}, {}, None, nothing) for each in made]
    ready = [signoffs.Ready(review, [PART]) for review in reviews]
    rows = signoffs.write_all(ready, Role.MEDICAL, scope=Scope.WHOLE, confirmation=confirmation, meaning=NOTICE)
    return dict(zip(made, rows, strict=True))


def lift(*, notice: UUID, reason: str, by: User) -> int:
    """Remove the notice from every article. Returns their number. Raises NotPermitted, CannotNotice."""
    require_permission(by, MAY_NOTICE)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise CannotNotice(
            f"Explain why the notice is no longer needed, in up to {LONGEST_REASON} characters. The ledger keeps it."
        )
    with transaction.atomic():
        rows = lock_standing(notice)
        if not rows:
            raise CannotNotice("No article shows this notice.")
        tell(rows, EventKind.NOTICE_LIFTED, actor(by), {"notice": str(notice), "reason": reason.strip()})
    return len(rows)


def take_down(signoff: SignOff, *, reason: str, by: Mapping[str, Any]) -> None:
    """Remove a notice from the articles that show the text of this voided signature, in the caller's transaction.

    `by`: the actor as in events.
    """
    rows = lock_standing(signoff.subject, digest=signoff.digest)
    tell(rows, EventKind.NOTICE_LIFTED, by, {"notice": str(signoff.subject), "reason": reason})


def put_on(article: UUID, translation_key: UUID, locale: str, *, by: Mapping[str, Any], at: datetime) -> None:
    """Add the active notices of its translations to an article, just before its edition, in the same transaction.

    Each in the article's language, if it was written in it. Holds the ledger, so that no notice is added or removed
    in between.
    """
    events.hold()
    others = Publication.objects.filter(translation_key=translation_key).exclude(article=article)
    for data in told_beside(article, history.noticed(article, others.values("article"))):
        said = data | _in_language(data["notice"], locale)
        events.append(EventKind.NOTICED, subject_kind=SubjectKind.ARTICLE, subject=article, actor=by, data=said, at=at)


def _in_language(notice: str, locale: str) -> dict[str, Any]:
    """{digest, signoff} of the notice's text in this language; empty if it has none."""
    rows = SignOff.objects.filter(subject=UUID(notice), part=PART)
    texts = {
        row.digest: read_document(bytes(row.content)) for row in Signed.objects.filter(digest__in=rows.values("digest"))
    }
    voided = Event.objects.filter(subject=UUID(notice), kind=EventKind.VOIDED).values_list("data__signoff", flat=True)
    alike = [row for row in rows.exclude(pk__in=list(voided)) if texts[row.digest]["language"] == words.base(locale)]
    return {"digest": alike[0].digest, "signoff": alike[0].pk} if alike else {}


def lock_standing(notice: UUID, *, digest: str = "") -> list[Publication]:
    """The publications of the articles with this notice, or with this text of it, locked."""
    return _lock(lambda: Q(article__in=standing_on(notice, digest=digest)))


def standing_on(notice: UUID, *, digest: str = "") -> list[UUID]:
    """The articles with this notice, or with this text of it, published or not."""
    about = Event.objects.filter(data__notice=str(notice), kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED))
    latest = {event.subject: event for event in about.order_by("number")}
    standing = [event for event in latest.values() if event.kind == EventKind.NOTICED]
    return [event.subject for event in standing if digest in ("", event.data["digest"])]


def _require_text(text: str) -> None:
    """Raises CannotNotice."""
    if not text.strip() or len(text) > LONGEST:
        raise CannotNotice(f"A safety notice has between 1 and {LONGEST} characters; this one has {len(text)}.")
    if found := unreadable_signs(text):
        raise CannotNotice(f"The notice contains invisible characters ({names_of(found)}). Type it again.")


def _with_translations(articles: Iterable[UUID]) -> list[Publication]:
    chosen = Publication.objects.filter(article__in=list(articles))
    keys = list(chosen.values_list("translation_key", flat=True))
    return _lock(lambda: Q(translation_key__in=keys))


def _lock(condition: Callable[[], Q]) -> list[Publication]:
    """Lock the matching publications, including withdrawn ones, in a stable order, and then the ledger.

    Matches again after that, to include what was published meanwhile.
    """

    def locked() -> QuerySet[Publication]:
        return Publication.objects.select_for_update().filter(condition()).order_by("article")

    list(locked().values_list("article"))
    events.hold()
    return list(locked())


def _data(signed: SignOff) -> dict[str, object]:
    return {"notice": str(signed.subject), "digest": signed.digest, "signoff": signed.pk}


def tell(rows: list[Publication], kind: str, by: Mapping[str, Any], data: dict[str, object]) -> None:
    """Write a ledger line for each article, and rewrite its publication."""
    for row in rows:
        rewrite(row.article, kind, actor=by, data=data)
