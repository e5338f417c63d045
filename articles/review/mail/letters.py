"""The letters: their recipients and contents. Each is short, has one link, and goes only to the people concerned.

What cannot wait is sent at once, everything else in the recipient's daily digest (topics.py says which is which).

Letters follow from stored rows: a ledger line, a sign-off, an edition, a request for changes, a declined request, a
requested signature (receivers.py). People get no letter about their own acts.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.record.history import find_signed
from articles.record.models import Edition, Event, SignOff
from articles.record.outdated import is_material_change
from articles.record.vocabulary import EventKind, SubjectKind, WithdrawReason
from articles.review import blocking, translations
from articles.review.mail import login_letters, outbox, recipients
from articles.review.mail.words import DECLINED, PARTS, ROLES, WITHDRAWN, word
from articles.review.models import ChangeRequest, Decline, OpenNeed
from articles.review.needs import rules
from articles.review.review import Target
from articles.review.roles import full_name

# Letters that use the draft's title: they go to its authors and signers. All others use the published title.
ABOUT_DRAFTS = {"submitted", "signed", "changes-requested", "declined", "escalated", "refused", "nobody-can-sign"}

ARTICLES = {"en": "articles", "es": "artículos", "de": "Artikel"}
TEXTS = {"en": "texts", "es": "textos", "de": "Texte"}


def on_event(event: Event) -> None:
    """Write the letters about a ledger line. Letters about signatures and editions follow from their rows, below."""
    if "login" in event.data:
        login_letters.changed(event)
    if event.kind in (EventKind.KEY_ENROLLED, EventKind.KEY_REVOKED) and "user" in event.data:
        login_letters.key_changed(event)
    tell = TOLD.get(event.kind)
    target = recipients.target_of(event.subject_kind, event.subject) if tell else None
    if tell and target:
        tell(event, target)


def signed(row: SignOff) -> None:
    """Notify the owner of the article, or the authors of the component, of a signature; send the signer the proof."""
    login_letters.receipt(row)
    target = recipients.target_of(row.subject_kind, row.subject)
    if target:
        said = {"by": row.name, "role": word(ROLES, row.role), "part": word(PARTS, row.part)}
        to = recipients.owner(target) if isinstance(target, ArticlePage) else recipients.authors(target)
        _post("signed", row.event, target, to, said, but=row.user)


def published(edition: Edition) -> None:
    """Notify owner and authors of an edition, and of the blocking findings that it left as they were; in an emergency
    also leads and editors."""
    target = recipients.target_of(edition.subject_kind, edition.subject)
    if target is None:
        return
    standing = [finding.message for finding in blocking.of_edition(edition)] if edition.number > 1 else []
    said = {"number": edition.number, "link": edit_url(target), "standing": standing}
    _post("published", edition.event, target, recipients.authors(target), said, but=edition.actor.get("user"))
    if edition.review.get("emergency"):
        emergency(edition, hours=0, but=edition.actor.get("user"))
    if is_material_change(edition) and isinstance(target, ArticlePage):
        _outdated(edition, target)


def _outdated(edition: Edition, original: ArticlePage) -> None:
    """Notify the owners of the translations that a material change of their original made outdated."""
    said = {"original": recipients.name_of(original), "number": edition.number, "note": edition.change_note}
    for article in translations.outdated(translations.translations_of(original.article_id)):
        page = _article(SubjectKind.ARTICLE.value, article)
        if page:
            told = said | {"link": edit_url(page)}
            _post("outdated", edition.event, page, recipients.owner(page), told, but=edition.actor.get("user"))


def emergency(edition: Edition, *, hours: int, but: int | None = None) -> None:
    """Notify leads and editors of an emergency, at once and again while signatures are missing."""
    target = _article(edition.subject_kind, edition.subject)
    if target:
        said = {"hours": hours, "reason": str(edition.review["emergency"].get("reason", ""))}
        said |= _where_asked(target)
        to = [*recipients.leads(), *recipients.editors()]
        _post("emergency", f"{edition.event}:{hours}", target, to, said, but=but)


def requested(row: OpenNeed, to: Iterable[User]) -> None:
    """Notify people of a signature that is requested of them: the assignee, the person whom the rota asks, the pool.

    Once each time: whoever is asked again later gets another letter.
    """
    target = recipients.target_of(row.subject_kind, row.subject)
    if target:
        by = [] if row.is_edition else recipients.submitter(target)
        said: dict[str, Any] = {"by": full_name(by[0]) if len(by) == 1 else "", "role": word(ROLES, row.role)}
        said |= _edition_of(target) if row.is_edition else {}
        asked_at = max(at for at in (row.person_asked_at, row.pool_told_at, row.asked_at) if at)
        _post("submitted", f"{row.pk}:{asked_at.isoformat()}", target, to, said, need=row)


def nobody_can_sign(row: OpenNeed) -> None:
    """Notify the leads, once, that no one can give a signature, unless the authors must change the draft first."""
    target = recipients.target_of(row.subject_kind, row.subject)
    if target and (row.is_edition or not row.obstacle):
        link = settings.ADMIN_URL + reverse("articles_assign", args=[row.subject_kind, row.target])
        said = {"name": row.title, "role": word(ROLES, row.role), "link": link}
        _post("nobody-can-sign", row.pk, target, recipients.leads(), said)


def changes_requested(subject_kind: str, subject: UUID, reason: str, by: User | None) -> None:
    """Notify the authors and the submitter of a request for changes."""
    target = recipients.target_of(subject_kind, subject)
    if target:
        last = ChangeRequest.objects.filter(subject=subject).order_by("-pk").values_list("pk", flat=True).first()
        said = {"by": _name(by), "reason": reason[:1000], "link": edit_url(target)}
        to = [*recipients.authors(target), *recipients.submitter(target)]
        _post("changes-requested", last or 0, target, to, said, but=by.pk if by else None)


def declined(decline: Decline) -> None:
    """Notify the submitter of a declined request."""
    target = recipients.target_of(decline.subject_kind, decline.subject)
    if target:
        said: dict[str, Any] = {
            "by": _name(decline.user),
            "role": word(ROLES, decline.role),
            "reason": word(DECLINED, decline.reason),
        }
        said |= _edition_of(target) if _is_about_edition(decline, target) else {}
        _post("declined", decline.pk, target, recipients.submitter(target), said, but=decline.user_id)


def escalated(row: OpenNeed) -> None:
    """Notify the leads of a signature that is still unassigned."""
    target = recipients.target_of(row.subject_kind, row.subject)
    if target:
        said: dict[str, Any] = {"role": word(ROLES, row.role), "asked_on": row.asked_at.date()}
        said |= _edition_of(target) if row.is_edition else {}
        _post("escalated", row.pk, target, recipients.leads(), said, need=row)


def review_due(target: ArticlePage, *, due_on: date, step: int, today: date, to: Iterable[User]) -> None:
    """Notify people of a due or overdue review. The link leads to the published text, not the draft."""
    kind = "overdue" if today > due_on else "due"
    about = f"{target.article_id}:{due_on}:{step}"
    said = {"due_on": due_on, "link": reaffirm_url(target)}
    _post(kind, about, target, to, said)


def sign_off_url(target: Target) -> str:
    """The absolute address of the sign-off page."""
    kind = SubjectKind.ARTICLE.value if isinstance(target, ArticlePage) else target.subject_kind
    return settings.ADMIN_URL + reverse("articles_sign_off", args=[kind, target.pk])


def reaffirm_url(target: Target) -> str:
    """The absolute address of the page for reviewing the published article again."""
    return settings.ADMIN_URL + reverse("articles_reaffirm", args=[target.pk])


def edit_url(target: Target) -> str:
    """The absolute address of the editor; for a component that of its sign-off page."""
    if not isinstance(target, ArticlePage):
        return sign_off_url(target)
    return settings.ADMIN_URL + reverse("wagtailadmin_pages:edit", args=[target.pk])


def _withdrawn(event: Event, target: Target) -> None:
    said = {
        "by": event.actor.get("name", ""),
        "reason": word(WITHDRAWN, str(event.data.get("reason", ""))),
        "explanation": str(event.data.get("explanation") or ""),
        "link": edit_url(target),
    }
    to = [*recipients.owner(target), *recipients.signers(event.subject)]
    about = event.data.get("together", event.number)
    is_urgent = event.data.get("reason") == WithdrawReason.SAFETY
    _post("withdrawn", about, target, to, said | _many(event), but=event.actor.get("user"), is_urgent=is_urgent)


def _refused(event: Event, target: Target) -> None:
    said = {"reason": str(event.data.get("detail") or event.data.get("code") or ""), "link": edit_url(target)}
    _post("refused", event.number, target, [*recipients.owner(target), *recipients.editors()], said)


def _noticed(event: Event, target: Target) -> None:
    said = {"by": event.actor.get("name", ""), "text": _text_of(event), "link": edit_url(target)}
    about = event.data.get("notice", event.number)
    giver = event.actor.get("user")
    _post("noticed", about, target, recipients.authors(target), said | _many(event), but=giver)
    until = event.data.get("confirm_until")
    if until and not outbox.is_written("confirm-notice", about):  # once, not for each of many articles
        link = settings.ADMIN_URL + reverse("articles_notices_confirm", args=[about])
        asked = said | _many(event) | {"until": f"{datetime.fromisoformat(until):%H:%M}", "link": link}
        to = [*recipients.leads(), *recipients.editors(), *recipients.on_call()]
        _post("confirm-notice", about, target, to, asked, but=giver)


def _returned(event: Event, target: Target) -> None:
    said = {"by": event.actor.get("name", ""), "link": edit_url(target)}
    to = [*recipients.owner(target), *recipients.signers(event.subject)]
    _post("returned", event.number, target, to, said, but=event.actor.get("user"))


def _is_about_edition(decline: Decline, target: Target) -> bool:
    """Whether the declined request was for the published edition of an article, not for a draft."""
    edition = Edition.objects.filter(subject=decline.subject).order_by("-number").first()
    return isinstance(target, ArticlePage) and edition is not None and edition.digests == decline.digests


def _voided(event: Event, target: Target) -> None:
    row = SignOff.objects.filter(pk=event.data.get("signoff")).first()
    if row:
        said = {"signer": row.name, "role": word(ROLES, row.role), "reason": str(event.data.get("reason") or "")}
        said |= _many(event, TEXTS) or _where_asked(target)
        to = [*recipients.owner(target), *recipients.editors(), *recipients.active([row.user])]
        about = event.data.get("together", event.number)
        _post("voided", about, target, to, said, but=event.actor.get("user"))


def _where_asked(target: Target) -> dict[str, Any]:
    """Name and link of the published text, if it lacks signatures; empty if the draft does."""
    if not isinstance(target, ArticlePage) or target.workflow_in_progress or not rules.is_read(target.article_id):
        return {}
    return _edition_of(target)


def _edition_of(target: Target) -> dict[str, Any]:
    """Name and link of the published text of an article."""
    return {"name": recipients.name_of(target), "link": reaffirm_url(target)}


def _many(event: Event, called: Mapping[str, str] = ARTICLES) -> dict[str, Any]:
    """Name and link for an act on several articles, about which each person gets only one letter."""
    count = event.data.get("of", 1)
    if count == 1:
        return {}
    words = {language: f"{count} {word}" for language, word in called.items()}
    return {"many": count, "name": words, "link": settings.ADMIN_URL + reverse("wagtailadmin_home")}


TOLD = {
    EventKind.WITHDRAWN.value: _withdrawn,
    EventKind.REFUSED.value: _refused,
    EventKind.NOTICED.value: _noticed,
    EventKind.RETURNED.value: _returned,
    EventKind.VOIDED.value: _voided,
}


def _post(
    kind: str,
    about: object,
    target: Target,
    to: Iterable[User],
    said: dict[str, Any],
    *,
    but: int | None = None,
    need: OpenNeed | None = None,
    is_urgent: bool = False,
) -> None:
    name = recipients.draft_name_of(target) if kind in ABOUT_DRAFTS else recipients.name_of(target)
    context = {"name": name, "link": sign_off_url(target)} | said
    subject = target.article_id if isinstance(target, ArticlePage) else target.component_id
    people = [user for user in to if user.pk != but]
    outbox.post(kind=kind, about=about, to=people, context=context, is_urgent=is_urgent, subject=subject, need=need)


def _article(subject_kind: str, subject: UUID) -> ArticlePage | None:
    found = recipients.target_of(subject_kind, subject) if subject_kind == SubjectKind.ARTICLE else None
    return found if isinstance(found, ArticlePage) else None


def _text_of(event: Event) -> str:
    """The text of the notice, from the line itself or from the signed document."""
    if said := event.data.get("text"):
        return str(said)
    return str((find_signed(event.data.get("digest")) or {}).get("text", ""))


def _name(user: User | None) -> str:
    return full_name(user) if user else settings.WAGTAIL_SITE_NAME
