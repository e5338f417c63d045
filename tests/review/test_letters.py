"""Letters: each act is told of to those whom it concerns, to nobody else, and never in its way.

`told` are the people for whom a letter was written with the act; `digest` is what one of them reads the next morning.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.template import engines
from django.utils import timezone

from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import Event, Publication, SignOff
from articles.record.vocabulary import DeclineReason, DocumentKind, Role, WithdrawReason
from articles.review.mail import digests, letters, outbox, recipients
from articles.review.mail.words import DECLINED, LOGIN_FACTS, PARTS, ROLES, WITHDRAWN
from articles.review.models import Mail, OpenNeed
from articles.review.responses import change_requests, declines
from articles.review.submit import submit
from cms.models import User
from tests.factories import edit, make_article, make_byline, make_clinician, make_user, sign_and_publish, sign_as

MAILS = Path(__file__).resolve().parents[2] / "templates/mail"
KINDS = sorted(file.stem for file in MAILS.glob("*.txt"))


@pytest.fixture(autouse=True)
def people_have_addresses(people):
    """Everybody around, and some whom nothing here concerns."""
    make_user("lead", "Medical leads")
    make_user("bystander", "Authors")
    make_user("superuser", is_superuser=True, is_staff=True)
    make_clinician("lawyer", name="A Lawyer", medical=False, legal=True)
    give_addresses()


def give_addresses() -> None:
    User.objects.update(email=Concat(F("username"), Value("@example.org")))


@pytest.fixture
def page(people):
    return make_article(by=User.objects.get(username="author"))


def told(kind: str) -> list[str]:
    """Who was written to, by name, each letter once."""
    addresses = Mail.objects.filter(kind=kind).order_by("address").values_list("address", flat=True)
    return [address.removesuffix("@example.org") for address in addresses]


def digest(to: str) -> str:
    """The text of the digest that the person gets."""
    digests.send_all(timezone.now())
    return Mail.objects.get(kind="digest", user__username=to).text


def again(page):
    return type(page).objects.get(pk=page.pk)


def letter(kind: str) -> Mail:
    return Mail.objects.filter(kind=kind).first()


def test_submission_asks_editors_first_and_then_the_clinicians(page, people):
    submit(page=page, by=people.author)
    first = told("submitted")

    sign_as(page, people.editor, Role.EDITOR)

    assert first == ["editor"]
    assert told("submitted") == ["editor", "reviewer"]


def test_the_letter_to_who_can_sign_leads_to_the_sign_off_page(page, people):
    submit(page=page, by=people.author)

    read = digest("editor")

    assert letter("submitted").title == f"To sign: {page.title}"
    assert f"To sign: {page.title}\nauthor submitted this text for review." in read
    assert "It needs a signature that you can give: editor." in read
    assert f"http://admin.testserver/admin/sign-off/article/{page.pk}/" in read


def test_who_contributed_is_not_asked_to_sign(page, people):
    second = make_user("second", "Editors")
    give_addresses()
    edit(page, by=people.editor, title="Mended", authors=make_byline())

    submit(page=again(page), by=people.author)

    assert told("submitted") == [second.username]


def test_a_signature_and_the_publication_are_told_to_the_owner(page, people):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    assert told("signed") == ["author"] * 3
    assert told("published") == ["author"]
    assert "Readers now get edition 1." in digest("author")


def test_an_author_on_the_byline_hears_of_the_publication(people):
    writer = make_clinician("writer", name="Dr Writer", medical=False)
    give_addresses()
    page = make_article(by=User.objects.get(username="author"))
    draft = page.get_latest_revision_as_object()
    draft.authors.create(person=writer.person, sort_order=0)
    draft.save_revision(user=people.author)

    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    assert told("published") == ["author", "writer"]


def test_changes_requested_are_told_to_the_author_with_the_reason(page, people):
    submit(page=page, by=people.author)

    change_requests.ask(target=again(page), by=people.editor, reason="Say how sure we are.\nAnd why.")

    assert told("changes-requested") == ["author"]
    read = digest("author")
    assert "editor requests changes before signing:\n“Say how sure we are. And why.”" in read
    assert f"/admin/pages/{page.pk}/edit/" in read


def test_a_decline_is_told_to_who_submitted_and_to_the_leads_when_nobody_is_left(page, people):
    second = make_clinician("second", name="Dr Second")
    give_addresses()
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    declines.decline(target=again(page), by=second, role=Role.MEDICAL, reason=DeclineReason.NO_TIME)
    first = told("declined")
    declines.decline(target=again(page), by=people.reviewer, role=Role.MEDICAL, reason=DeclineReason.NOT_MY_FIELD)

    assert first == ["author"]
    assert told("declined") == ["author", "author"]
    assert told("nobody-can-sign") == ["lead"]
    assert "nobody can give it now" in letter("nobody-can-sign").text


def test_a_withdrawal_is_told_to_the_owner_and_to_who_signed_but_not_to_who_did_it(page, people):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    withdraw(page=again(page), reason="safety", by=people.editor)

    assert told("withdrawn") == ["author", "reviewer"]
    assert "Reason: safety." in letter("withdrawn").text
    assert "“This article was withdrawn for safety reasons." in letter("withdrawn").text


def happened(page, kind: str, **data) -> Event:
    return events.append(kind, subject_kind="article", subject=page.article_id, actor={}, data=data)


def test_a_refused_publication_is_told_to_owner_and_editors(page):
    happened(page, "refused", code="slug-taken", detail="Another article has this address.")

    assert told("refused") == ["author", "editor"]
    assert "Another article has this address." in letter("refused").text


def test_a_voided_signature_is_told_to_its_signer_the_owner_and_the_editors(page, people):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    row = SignOff.objects.get(role=Role.MEDICAL)

    happened(page, "voided", signoff=row.pk, reason="The licence had lapsed.")

    assert told("voided") == ["author", "editor", "reviewer"]
    assert "The signature of Dr Ada Reviewer (medical reviewer) no longer counts." in letter("voided").text


def test_a_notice_is_told_to_the_authors_in_its_words(page):
    happened(page, "noticed", notice="n", text="Do not take it with grapefruit.")

    assert told("noticed") == ["author"]
    assert "“Do not take it with grapefruit.”" in letter("noticed").text


def test_what_nobody_took_is_told_to_the_leads(page):
    row = OpenNeed(subject_kind="article", subject=page.article_id, role=Role.MEDICAL, asked_at=timezone.now())
    row.save()

    letters.escalated(row)
    letters.escalated(row)

    assert told("escalated") == ["lead"]


def test_wagtails_own_letters_are_not_sent(page, people, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        submit(page=page, by=people.author)
        change_requests.ask(target=again(page), by=people.editor, reason="Mend it.")

    assert mailoutbox == []


def test_a_letter_that_cannot_be_written_does_not_undo_the_act(page, people, monkeypatch, caplog):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    def broken(target):
        raise RuntimeError("no list of people")

    monkeypatch.setattr(recipients, "owner", broken)
    withdraw(page=again(page), reason="safety", by=people.editor)

    assert Publication.objects.get(article=page.article_id).state == "withdrawn"
    assert told("withdrawn") == []
    assert "was not written" in caplog.text


def test_an_act_that_is_rolled_back_tells_nobody(page, people):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    Publication.objects.filter(article=page.article_id).delete()

    with pytest.raises(Exception, match="nothing to withdraw"):
        withdraw(page=again(page), reason="safety", by=people.editor)

    assert told("withdrawn") == []


def test_of_a_deleted_page_nothing_is_told(page):
    article = page.article_id
    page.delete()

    events.append("refused", subject_kind="article", subject=article, actor={}, data={"detail": "It is gone."})

    assert not Mail.objects.filter(kind="refused").exists()


SAID = {
    "name": "Itchy scalp",
    "by": "Dr Ada",
    "role": ROLES[Role.MEDICAL],
    "part": PARTS["medical"],
    "reason": "A reason.",
    "explanation": "Why.",
    "text": "A notice.",
    "until": "17:30",
    "signer": "Dr Ada",
    "number": 2,
    "hours": 12,
    "what": LOGIN_FACTS["email"],
    "due_on": timezone.now().date(),
    "asked_on": timezone.now().date(),
    "many": 0,
    "link": "http://testserver/admin/",
    "standing": ["Mend this."],
    "original": "Scalp inflammation",
    "note": "A new study.",
    "count": 1,
    "statement": "{}",
    "proof": "{}",
}


def laid_out(kind: str, language: str) -> tuple[str, str, str]:
    """(title, text, HTML) of a letter that is sent by itself."""
    said = outbox.say(kind, SAID, language)
    return said.title, *outbox.lay_out("letter", vars(said), language)


@pytest.mark.parametrize("language", ["en", "es", "de"])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"receipt"}))  # which holds a statement and its proof, as JSON
def test_every_letter_is_short_and_has_one_link_in_every_language(kind, language):
    title, text, html = laid_out(kind, language)

    assert "Itchy scalp" in title
    assert len(text.split()) < 80
    assert text.count("http") == 1
    assert html.count("<a ") == 1
    assert f'<html lang="{language}">' in html
    assert "{" not in title + text


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_translated(kind):
    said = {laid_out(kind, language)[1] for language in ("en", "es", "de")}

    assert len(said) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_names_only_what_it_is_given(kind):
    source = (MAILS / f"{kind}.txt").read_text()
    named = set(re.findall(r"{{ (\w+)", source)) | set(re.findall(r"{% if (\w+)", source))
    named |= set(re.findall(r"{% for \w+ in (\w+)", source))
    named -= set(re.findall(r"{% for (\w+) in", source))

    assert named - {"language", "site"} <= set(SAID)
    assert engines["django"].from_string(source)


@pytest.mark.parametrize("words", [ROLES, PARTS, WITHDRAWN, DECLINED, LOGIN_FACTS])
def test_closed_lists_have_a_word_in_every_language(words):
    assert all(set(said) == {"en", "es", "de"} and all(said.values()) for said in words.values())


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_every_role_part_and_reason_has_its_word():
    assert set(ROLES) == set(Role.values)
    assert set(PARTS) == set(DocumentKind.values)
    assert set(DECLINED) == set(DeclineReason.values)
    assert set(WithdrawReason.values) <= set(WITHDRAWN)


def test_letters_on_what_readers_get_name_it_and_letters_on_the_draft_name_that(people, page, client):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    edit(page, by=people.author, title="A title of a draft")
    stranger = User.objects.get(username="lawyer")

    letters.review_due(again(page), due_on=timezone.now().date(), step=0, today=timezone.now().date(), to=[stranger])
    submit(page=again(page), by=people.author)

    due = Mail.objects.get(kind="due", user=stranger)
    assert page.title in due.title and "A title of a draft" not in due.title + due.text + due.html
    assert "A title of a draft" in Mail.objects.filter(kind="submitted").last().title


def test_who_is_asked_by_mail_to_review_again_can_open_its_link(people, page, client):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    edit(page, by=people.author, title="A title of a draft")
    stranger = make_clinician("stranger", name="Dr Stranger")
    give_addresses()
    stranger.refresh_from_db()
    letters.review_due(again(page), due_on=timezone.now().date(), step=0, today=timezone.now().date(), to=[stranger])
    client.force_login(stranger)

    link = Mail.objects.get(kind="due", user=stranger).link

    assert "Review the published version again" in client.get(path_of(link)).content.decode()


def test_letters_on_what_lacks_a_signature_name_no_draft_that_nobody_submitted(people, page, client):
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    edit(page, by=people.author, title="A title of a draft")
    happened(page, "voided", signoff=SignOff.objects.get(role=Role.MEDICAL).pk, reason="The licence had lapsed.")
    row = OpenNeed(subject_kind="article", subject=page.article_id, role=Role.MEDICAL, asked_at=timezone.now())
    row.is_edition = True
    row.save()
    letters.escalated(row)

    for kind, name in (("escalated", "lead"), ("voided", "reviewer")):
        told_of = Mail.objects.get(kind=kind, user__username=name)
        assert page.title in told_of.title and "A title of a draft" not in told_of.title + told_of.text
        client.force_login(User.objects.get(username=name))
        assert "Review the published version again" in client.get(path_of(told_of.link)).content.decode()
