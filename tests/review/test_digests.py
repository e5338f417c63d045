"""The daily digest: one letter a day with what can wait; late, twice or at once, it says everything once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from wagtail.users.models import UserProfile

from articles.authoring.people import Person
from articles.publishing.jobs import reminders
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import Publication
from articles.record.vocabulary import LetterTopic, Role
from articles.review.mail import digests, letters, outbox
from articles.review.mail.topics import ORDER, TOPICS
from articles.review.models import LetterChoice, Mail, OpenNeed
from articles.review.needs import keeping, rota, table
from articles.review.responses import change_requests
from articles.review.submit import submit
from cms.models import User
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_source,
    make_user,
    note_needs,
    sign_and_publish,
    sign_as,
    take,
    today,
)
from tests.faults.processes import together
from tests.tasks import run_all

SAID = {"name": "Itchy scalp", "number": 2, "link": "http://testserver/x/", "by": "Dr Ada", "reason": "A reason."}


@pytest.fixture(autouse=True)
def people_have_addresses(request):
    if "world" not in request.fixturenames:
        request.getfixturevalue("people")
        make_user("lead", "Medical leads")
        User.objects.update(email=Concat(F("username"), Value("@example.org")))


@pytest.fixture
def page(people):
    page = make_article(by=User.objects.get(username="author"))
    submit(page=page, by=people.author)
    return page


@pytest.fixture
def owner(people):
    return User.objects.get(username="author")


def run(days: int = 0) -> list[mail.EmailMultiAlternatives]:
    """The digests of that day, as the worker sends them."""
    mail.outbox.clear()
    _, failures = digests.send_all(timezone.now() + timedelta(days=days))
    assert failures == []
    run_all()
    return list(mail.outbox)


def to(letters) -> list[str]:
    return sorted(letter.to[0].removesuffix("@example.org") for letter in letters)


def post(user: User, about="9", kind="published", **given) -> None:
    outbox.post(kind=kind, about=about, to=[user], context=SAID, **given)


def why_left_out(kind: str) -> str:
    return Mail.objects.get(kind=kind).failure


# What waits, and what does not


def test_a_letter_that_can_wait_is_written_with_the_act_and_sent_with_the_digest(owner):
    post(owner)
    run_all()
    assert mail.outbox == []

    [sent] = run()

    assert (sent.to, sent.subject) == (["author@example.org"], "Published: Itchy scalp")
    assert "FOR YOUR INFORMATION" in sent.body and "Readers now get edition 2." in sent.body
    assert sent.body.count(SAID["link"]) == 1
    assert "Choose in your account what it contains: http://admin.testserver/admin/account/" in sent.body


@pytest.mark.parametrize("kind", ["emergency", "noticed", "voided", "nobody-can-sign", "refused", outbox.LOGIN_CHANGED])
def test_what_cannot_wait_is_sent_at_once(owner, kind):
    post(owner, kind=kind)
    run_all()

    assert to(mail.outbox) == ["author"]
    assert run() == []


@pytest.mark.parametrize(("reason", "at_once"), [("safety", ["author", "reviewer"]), ("outdated", [])])
def test_a_withdrawal_for_safety_is_sent_at_once_and_every_other_waits(people, owner, reason, at_once):
    page = make_article(by=owner)
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    Mail.objects.all().delete()

    withdraw(page=type(page).objects.get(pk=page.pk), reason=reason, by=people.editor)
    run_all()

    told_at_once = to(mail.outbox)
    assert told_at_once == at_once
    assert to(run()) == (["author", "reviewer"] if not at_once else [])


def test_every_kind_that_waits_has_a_topic_and_every_topic_a_kind():
    assert set(TOPICS.values()) == set(LetterTopic) == set(ORDER)


# One a day


def test_all_that_waits_is_one_letter_with_a_link_for_each_item_what_is_to_do_first(owner):
    for number in range(3):
        post(owner, about=number)
    outbox.post(kind="changes-requested", about=1, to=[owner], context=SAID | {"link": "http://testserver/edit/"})

    [sent] = run()

    assert sent.subject == "Changes requested: Itchy scalp (and 1 more)"
    assert sent.body.index("TO DO") < sent.body.index("http://testserver/edit/") < sent.body.index("FOR YOUR INFORM")
    [(html, _)] = sent.alternatives
    assert html.count("<a ") == 3, "two items and the account"


def test_a_second_run_sends_nothing_and_what_came_meanwhile_waits_for_the_next_day(owner):
    post(owner, about=1)
    first = run()
    post(owner, about=2)

    assert (len(first), run()) == (1, [])
    assert to(run(days=1)) == ["author"]
    assert run(days=2) == []


def test_after_missed_days_one_letter_says_all(owner):
    outbox.post(kind="published", about=1, to=[owner], context=SAID)
    outbox.post(kind="signed", about=2, to=[owner], context=SAID | {"role": "editor", "part": "offer"})

    [sent] = run(days=5)

    assert "Signed: Itchy scalp" in sent.body and "Published: Itchy scalp" in sent.body


def test_a_clock_set_back_says_nothing_twice(owner):
    post(owner)

    assert (len(run(days=3)), run(), run(days=3)) == (1, [], [])


def test_two_runs_at_once_send_one_digest_each_and_forget_nothing(world, tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    people = [make_user(f"person{number}", email=f"{number}@example.org") for number in range(8)]
    for number in range(3):
        outbox.post(kind="published", about=number, to=people, context=SAID | {"number": number})
    now = timezone.now()

    def act() -> None:
        assert digests.send_all(now)[1] == []

    assert together(act, act, act) == ["done"] * 3
    run_all()

    texts = [file.read_text() for file in (tmp_path / "mail").iterdir()]
    assert "".join(texts).count("Message-ID:") == len(people)
    assert Mail.objects.filter(kind="published").exclude(digest=None).count() == 3 * len(people)
    assert Mail.objects.filter(kind=digests.DIGEST).count() == len(people)


def test_one_person_whose_digest_fails_keeps_nobody_elses_back(owner, people, monkeypatch):
    post(owner)
    outbox.post(kind="published", about=1, to=[User.objects.get(username="editor")], context=SAID)
    fails = digests._said

    def broken(rows, user):
        if user == owner:
            raise RuntimeError("no words")
        return fails(rows, user)

    monkeypatch.setattr(digests, "_said", broken)
    sent, failures = digests.send_all(timezone.now())
    monkeypatch.undo()

    assert sent == 1 and "RuntimeError: no words" in failures[0]
    assert to(run()) == ["author", "editor"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Published: Itchy scalp (and 1 more)", "Your daily summary", "To do", "your account")),
        ("es", ("Cambios solicitados: Itchy scalp (y 1 más)", "Su resumen diario", "Por hacer", "su cuenta")),
        (
            "de",
            ("Änderungen gewünscht: Itchy scalp (und 1 weitere)", "Ihre tägliche Übersicht", "Zu tun", "Ihrem Konto"),
        ),
    ],
)
def test_it_is_in_the_language_of_who_reads_it(owner, language, words):
    UserProfile.objects.create(user=owner, preferred_language=language)
    post(owner)
    post(owner, kind="changes-requested")

    [sent] = run()

    title, *inside = words
    [(html, _)] = sent.alternatives
    assert sent.subject == title.replace("Published", "Changes requested")
    assert all(word in html for word in inside) and f'<html lang="{language}">' in html


def test_a_title_can_neither_break_a_header_nor_the_page(owner):
    said = SAID | {"name": "A\r\nBcc: all@example.org\x00<script>alert(1)</script>" + "x" * 300}
    for about in (1, 2):
        outbox.post(kind="published", about=about, to=[owner], context=said | {"number": about})

    [sent] = run()

    assert "\n" not in sent.subject and len(sent.subject) <= 200 and sent.subject.endswith("(and 1 more)")
    assert sent.message()["Bcc"] is None
    assert "<script>" not in sent.alternatives[0][0]


# What is over is left out


def test_a_request_that_was_signed_meanwhile_is_left_out_for_good(people, page):
    sign_as(page, people.editor, Role.EDITOR)

    assert to(run()) == ["author", "reviewer"], "the author hears of the signature, the clinician of the next request"
    assert Mail.objects.get(user=people.editor, kind="submitted").failure == digests.NOT_REQUESTED


def test_a_request_that_another_person_took_waits_and_is_sent_when_they_return_it(people, page):
    second = make_user("second", "Editors")
    row = take(page, Role.EDITOR, second)

    while_taken = run()
    table.give_to(row, None)

    assert while_taken == []
    assert to(run(days=1)) == ["editor"]


def test_a_request_that_waits_for_the_author_is_sent_once_the_author_has_mended_the_text(people, page):
    edit(page, by=people.author, body=[block("evidence", findings=[{"statement": "It helps.", "citations": []}])])
    note_needs(page)
    while_blocked = run()
    edit(page, by=people.author, body=complete_body(make_source()))
    note_needs(page)

    assert OpenNeed.objects.get(closed_at=None).obstacle == ""
    assert while_blocked == []
    assert to(run(days=1)) == ["editor"]


def test_a_request_for_changes_is_left_out_once_the_text_was_submitted_again(people, page):
    change_requests.ask(target=page, by=people.editor, reason="Say how sure we are.")
    page.refresh_from_db()
    submit(page=page, by=people.author)

    assert to(run()) == ["editor"]
    assert why_left_out("changes-requested") == digests.SUBMITTED_AGAIN


def test_a_reminder_of_a_review_that_was_done_meanwhile_is_left_out(people, published):
    Publication.objects.update(next_review_on=today())
    keeping.write_all()
    reminders.remind(timezone.now())
    Publication.objects.update(next_review_on=today() + timedelta(days=365))
    keeping.write_all()

    assert run() == []
    assert {row.failure for row in Mail.objects.filter(kind="due")} == {digests.NOT_DUE}


def test_a_due_review_is_one_item_though_it_is_requested_and_reminded_of(people, published):
    Publication.objects.update(next_review_on=today())
    keeping.write_all()
    reminders.remind(timezone.now())

    [sent] = [letter for letter in run() if letter.to == ["reviewer@example.org"]]

    assert sent.subject.startswith("Review due on") and "To sign" not in sent.body
    assert run(days=1) == []


def test_a_lead_who_is_asked_to_sign_reads_of_the_request_and_of_the_escalation(people, page):
    row = table.open_of(page.article_id).get()
    lead = User.objects.get(username="lead")
    lead.groups.add(*people.editor.groups.all())
    letters.requested(row, [lead])
    letters.escalated(row)
    rota.set_asked(row, lead.pk)

    [sent] = [letter for letter in run() if letter.to == ["lead@example.org"]]

    assert "To sign: " in sent.body and "Review not assigned: " in sent.body


def test_an_escalation_is_left_out_once_somebody_has_the_review(people, page):
    row = table.open_of(page.article_id).get()
    letters.escalated(row)
    take(page, Role.EDITOR, people.editor)

    assert "lead" not in to(run())


@pytest.mark.parametrize(
    ("change", "reason"), [({"is_active": False}, outbox.NO_LOGIN), ({"email": ""}, digests.NO_ADDRESS)]
)
def test_who_has_no_login_or_address_any_more_gets_none_and_the_row_says_why(owner, change, reason):
    post(owner)
    User.objects.filter(pk=owner.pk).update(**change)

    assert run() == []
    assert why_left_out("published") == reason


# What people do not want


def test_a_topic_that_was_turned_off_is_left_out_and_all_others_come(owner):
    LetterChoice.objects.create(user=owner, unwanted=[LetterTopic.SIGNED])
    post(owner)
    outbox.post(kind="signed", about=1, to=[owner], context=SAID | {"role": "editor", "part": "offer"})

    [sent] = run()

    assert "Published" in sent.body and "Signed" not in sent.body
    assert why_left_out("signed") == digests.UNWANTED


def test_nobody_can_turn_off_what_cannot_wait(owner):
    LetterChoice.objects.create(user=owner, unwanted=list(LetterTopic.values))
    post(owner, kind="noticed")
    post(owner)
    run_all()

    assert [letter.subject for letter in mail.outbox] == ["Safety notice shown: Itchy scalp"]
    assert run() == []


# A request that returns


def test_a_person_who_is_asked_again_hears_again_and_once(people, page):
    second = make_clinician("second", name="Dr Second")
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    sign_as(page, people.editor, Role.EDITOR)
    assert table.open_of(page.article_id).get().asked == people.reviewer
    for who in (people.reviewer, second):
        Person.objects.update(away_until=None)
        Person.objects.filter(user=who).update(away_until=today())
        keeping.tell_of_people()
    Person.objects.update(away_until=None)

    [sent] = [letter for letter in run() if letter.to == ["reviewer@example.org"]]

    assert sent.body.count("To sign:") == 1
    assert "second" not in to(run(days=1))


def test_a_component_is_requested_in_the_digest_too(people):
    disclaimer = make_disclaimer(by=people.author)
    note_needs(disclaimer)

    [sent] = run()

    assert (sent.to, sent.subject) == (["reviewer@example.org"], f"To sign: {disclaimer.name}")


def test_the_ledger_is_asked_for_no_resubmission_of_another_text(people, page):
    change_requests.ask(target=page, by=people.editor, reason="Say how sure we are.")
    events.append("submitted", subject_kind="article", subject=make_article(by=people.author).article_id, actor={})

    assert to(run()) == ["author"]
