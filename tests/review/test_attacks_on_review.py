"""Attacks on the promise of review: what got through, and the strongest attempts that did not.

The first half are attacks that once got through; each docstring says what a reader was given, or who saw what. The
second half never did, and keeps it so.
"""

import contextlib
import re
import time
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.log_actions import LogContext

from articles.authoring.models import ArticleAuthor
from articles.authoring.people import Person
from articles.authoring.permissions import NotPermitted
from articles.errors import CannotSign, ContentChanged, DomainError, NotSignedOff
from articles.publishing import notices
from articles.publishing.jobs.due import publish_due
from articles.publishing.publish import publish, publish_article
from articles.publishing.reaffirm import reaffirm
from articles.publishing.refile import refile
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw, withdraw_many
from articles.record.models import ComponentPublication, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review import roles, workflow
from articles.review.mail import letters
from articles.review.models import Contribution, Mail, Policy
from articles.review.opening import load, load_current, open_review
from articles.review.policies import changes
from articles.review.responses import suggestions
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    edit,
    give_login,
    make_article,
    make_byline,
    make_clinician,
    make_offer,
    make_on_call,
    make_source,
    make_topic,
    make_user,
    publish_at_once,
    sign_as,
    today,
)
from tests.faults.processes import together
from tests.hands import amend, fresh, words_of
from tests.pipeline.reading import get
from tests.schedules import ZONE, make_due, soon

SECRET = "A title that nobody submitted"
DOSE = "Take twice the dose of aspirin."


def clinicians(page, part="medical") -> SignOff:
    return SignOff.objects.filter(subject=page.article_id, role="medical", part=part).latest("pk")


def sign_again(page, user, role, *parts):
    review = load_current(fresh(page))
    shown = review.shown(parts)
    given = checklist.confirmed()
    return reaffirm(page=fresh(page), user=user, role=role, shown=shown, password=PASSWORD, given=given)


def client_of(user, **options) -> Client:
    made = Client(raise_request_exception=False, **options)
    made.force_login(user)
    return made


@pytest.fixture
def on_call(db):
    return make_on_call()


@pytest.fixture
def second(db):
    return make_clinician("second", name="Dr Second")


@pytest.fixture
def crowd(world):
    """People on a committed database, for acts at the same time."""
    on_call = [make_on_call(f"on-call {number}", name=f"Dr {number}") for number in (1, 2)]
    return SimpleNamespace(
        author=make_user("author", "Authors"),
        editor=make_user("editor", "Editors"),
        reviewer=make_clinician(),
        lead=make_user("lead", "Medical leads"),
        on_call=on_call,
    )


# What got through.


def test_an_editor_alone_tells_readers_a_dose_in_the_note_on_a_spelling(people, publish):
    """An editor writes the note to readers, ticks “correction”, and signs an editorial change. No clinician saw it,
    and it stands above the article as a correction; nobody but its own writer vouched for it."""
    page = edit(publish(make_article(by=people.author)), by=people.author, summary="What helps an inflamed skalp.")
    page = amend(page, people.editor, change_note=DOSE, is_correction=True, is_editorial=True)
    submit(page=page, by=people.author)
    with contextlib.suppress(DomainError):  # a refusal is as good a defense
        sign_as(page, people.editor, Role.EDITOR, "medical")

    assert DOSE not in stored_text(page)


def test_an_editor_alone_tells_readers_a_dose_in_the_note_on_a_picture(people, publish):
    """As above, by a change of the presentation: note and correction on an editor's signature alone."""
    page = edit(publish(make_article(by=people.author)), by=people.author, authors=make_byline())
    page = amend(page, people.editor, change_note=DOSE, is_correction=True)
    submit(page=page, by=people.author)
    with contextlib.suppress(DomainError):
        sign_as(page, people.editor, Role.EDITOR, "presentation")

    assert DOSE not in stored_text(page)


def test_a_clinician_signs_a_note_to_readers_that_was_not_on_the_screen(people, publish):
    """The form carries the digests, and the note is in none: an author who changes it while the clinician reads gets
    the clinician's signature under words that they never saw."""
    page = edit(publish(make_article(by=people.author)), by=people.author, summary="What helps, said anew.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    on_screen = client_of(people.reviewer)
    address = f"/admin/sign-off/article/{page.pk}/"
    fields = posted_by(on_screen.get(address).content.decode())
    amend(page, people.author, change_note=DOSE, is_correction=True)

    answer = on_screen.post(address, fields | {"password": PASSWORD, "role": "medical", "checklist": checklist.VERSION})

    assert answer.status_code == 409
    assert not SignOff.objects.filter(subject=page.article_id, change__note=DOSE).exists()


def test_who_writes_the_note_to_readers_vouches_for_it(people, publish):
    """The note is in neither part, so that writing it is no contribution: its writer signs it for readers."""
    page = edit(publish(make_article(by=people.author)), by=people.author, summary="What helps, said anew.")
    page = amend(page, people.editor, change_note="Corrects the dose of aspirin.", is_correction=True)

    with pytest.raises(CannotSign):
        sign_as(page, people.editor, Role.EDITOR, "medical")


def test_an_unsigned_draft_makes_what_readers_get_need_fewer_signatures(people, second, lead):
    """Two clinicians are asked for by the article's type, and it is withheld since one signature was voided. A draft
    that nobody signed changes the type: with one more re-affirmation it is served again, under the lax policy."""
    two = {"editor": 1, "medical": 2, "after_grace": "withhold"}
    Policy.objects.create(kind="medical", name="Conditions", article_types=["condition"], **two)
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    sign_as(page, second, Role.MEDICAL, "medical")
    void(signoff=clinicians(page), reason="No licence.", by=lead)
    assert get(page).status_code == 410
    edit(page, by=people.author, article_type="explainer")

    with contextlib.suppress(DomainError):
        sign_again(page, people.reviewer, "medical", "medical")

    assert get(page).status_code == 410


def test_an_editor_alone_moves_the_review_date(people, publish):
    """The policy that was chosen for the article is dropped in the draft, which is in no document; an edition with
    another byline, on an editor's signature, then lasts six times as long and is never withheld."""
    strict = {"editor": 1, "medical": 1, "interval_months": 6, "risk_interval_months": 6, "after_grace": "withhold"}
    page = make_article(by=people.author, policy=Policy.objects.create(kind="medical", name="Strict", **strict))
    due = get(publish(page)).json()["review"]["next_review_on"]
    page = edit(page, by=people.author, policy=None, authors=make_byline())
    submit(page=page, by=people.author)
    with contextlib.suppress(DomainError):
        sign_as(page, people.editor, Role.EDITOR, "presentation")

    row = Publication.objects.get(article=page.article_id)
    assert (row.next_review_on.isoformat(), row.after_grace) == (due, "withhold")


def test_an_article_is_filed_under_a_topic_whose_policy_nobody_satisfied(people, publish):
    """Leave the topic out, publish on the default's signatures, then refile: readers get it under the topic."""
    topic = make_topic()
    Policy.objects.create(kind="medical", name="Hair", editor=1, medical=2).topics.add(topic)
    page = publish(make_article(by=people.author))

    with contextlib.suppress(DomainError):
        refile(page=fresh(page), slug="hair", topics=[topic], by=people.editor)

    assert not (get(page).json()["topics"] and signatures.missing(load_current(fresh(page))))


def test_a_clinician_is_put_on_the_byline_after_signing(people):
    """Readers see one person as author and as reviewer: four eyes are looked at when signing, never when publishing."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR, "medical")
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    amend(page, people.author, authors=[ArticleAuthor(person=people.reviewer.person, sort_order=0)])
    with contextlib.suppress(DomainError):
        sign_as(page, make_user("other editor", "Editors"), Role.EDITOR, "presentation")

    assert get(page).status_code == 404


def test_a_voided_signature_still_shows_a_safety_notice(people, published, on_call, lead):
    """Who signed it was no clinician; the sign-off is voided, and the notice stands on."""
    notices.give(articles=[published.article_id], texts={"en": "Stop taking it."}, user=on_call, password=PASSWORD)

    void(signoff=SignOff.objects.get(part="notice"), reason="No licence.", by=lead)

    assert get(published).json()["notices"] == []


def test_a_voided_signature_still_publishes_a_disclaimer(people, disclaimer, publish, lead):
    """A disclaimer's only signature is voided: a new article is published beside it, and its text served."""
    void(signoff=clinicians_of(disclaimer), reason="No licence.", by=lead)

    try:
        page = publish(make_article(by=people.author, disclaimers=[disclaimer]))
    except DomainError:
        return

    assert get(page).status_code == 404


def test_readers_are_told_that_a_voided_signature_reviewed_the_article(published, lead):
    """“Reviewed by Dr Ada Reviewer, MD” stays after it turned out that she is none."""
    void(signoff=clinicians(published), reason="No licence.", by=lead)

    assert get(published).json()["review"]["reviewed_by"] == []


def test_an_emergency_stands_on_no_signature_at_all(people, on_call, lead):
    """“One valid clinician’s signature, never none”: it is voided, and the text is served all the same (the default
    policy only shows a banner), as reviewed by whose signature was voided."""
    page = make_article(by=people.author)
    publish_at_once(page, on_call)

    for row in SignOff.objects.filter(subject=page.article_id):
        void(signoff=row, reason="No licence.", by=lead)

    assert get(page).status_code == 410


def test_an_offer_never_comes_back(people, lead):
    """A text came back with new signatures; the voiding of its old one takes it from readers for good: no signature
    is missing, so nobody can give one."""
    offer = make_offer(by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    old, first = SignOff.objects.get(subject=offer.component_id, role=Role.EDITOR), offer.text
    for text in ("Other words.", first):
        offer.text = text
        offer.save()
        offer.save_revision(user=people.author)
        sign_as(offer, people.editor, Role.EDITOR)
        sign_as(offer, people.reviewer, Role.MEDICAL)

    void(signoff=old, reason="A password was stolen.", by=lead)

    row = ComponentPublication.objects.get(component=offer.component_id)
    assert row.state == "published" or signatures.missing(load(offer))


def test_one_person_with_two_logins_is_two_clinicians(people):
    """The policy asks for two clinicians; a lead gives the person another login, and they sign again."""
    Policy.objects.filter(kind="medical").update(medical=2)
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    other = make_user("other login", "Medical reviewers")
    give_login(people.reviewer.person, other)
    with contextlib.suppress(DomainError):
        sign_as(page, other, Role.MEDICAL, "medical")

    assert get(page).status_code == 404


def test_who_gets_a_new_login_vouches_for_their_own_words(people):
    """A clinician writes the article; with a new login for the same person they sign it."""
    page = make_article(by=people.reviewer)
    person = people.reviewer.person
    give_login(person, make_user("other login", "Medical reviewers"))

    with pytest.raises(CannotSign, match="contributed"):
        sign_as(page, person.user, Role.MEDICAL, "medical")


def test_a_lead_makes_themselves_a_clinician(lead):
    """A lead vouches for their own registration, and may sign, also in an emergency, which leads may publish."""
    vouched = {"registration_body": "GMC", "registration_number": "1", "verified_by": "lead", "verified_on": today()}
    person = Person(user=lead, name="The lead", medical=True, **vouched)
    changes.change(person, by=lead)
    with contextlib.suppress(DomainError):
        changes.confirm(person, shown=changes.mark_of(person), by=lead)

    assert roles.roles_of(lead, on=today()) == set()


@pytest.mark.parametrize("way", ["copy", "translation"])
def test_the_writer_signs_their_own_words_in_a_copy(people, spanish, way):
    """Somebody else copies or translates the page; its writer, a stranger to the copy, signs every word they wrote."""
    page = fresh(make_article(by=people.editor))
    if way == "copy":
        made = page.copy(user=people.author, update_attrs={"slug": "copied"}, keep_live=False, copy_revisions=False)
    else:
        action = CopyPageForTranslationAction(page, spanish.locale, user=people.author)
        made = action.execute(skip_permission_checks=True)

    with pytest.raises(CannotSign):
        sign_as(fresh(made), people.editor, Role.EDITOR, "medical")


def test_the_writer_signs_their_own_words_that_another_brought_back(people, published):
    """An editor's draft was set aside and another edition published; somebody goes back to that draft, and now the
    editor, who did nothing since the latest edition, signs every word that they wrote."""
    page = edit(published, by=people.editor, summary="The editor's own words.")
    own = page.get_latest_revision()
    page = edit(page, by=people.author, summary="Other words for now.")
    submit(page=page, by=people.author)
    sign_as(page, make_user("other editor", "Editors"), Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    draft = own.as_object()
    draft.change_note = "Goes back to the words of before."
    draft.save_revision(user=people.author)

    with pytest.raises(CannotSign):
        sign_as(page, people.editor, Role.EDITOR, "medical")


@pytest.mark.parametrize("way", ["revision", "offer", "byline"])
def test_who_changed_it_while_logged_in_signs_it(people, way):
    """A plugin saves a revision without naming its user, or an offer without a revision, in a request of the editor's;
    a lead who is an editor too rewrites a name and credentials on the byline. None of it is a contribution."""
    page = make_article(by=people.author)
    target, part = page, "medical"
    with LogContext(user=people.editor):
        if way == "revision":
            draft = fresh(page).get_latest_revision_as_object()
            draft.summary = "The editor's own words."
            draft.save_revision()
        elif way == "offer":
            target, part = make_offer(by=people.author), "offer"
            target.text = "The editor's own words."
            target.save()
        else:
            people.editor.groups.add(Group.objects.get(name="Medical leads"))
            person, part = Person.objects.create(name="A. Author"), "presentation"
            amend(page, people.author, authors=[ArticleAuthor(person=person, sort_order=0)])
            person.name, person.credentials = "Professor A. Author", "MD"
            changes.change(person, by=people.editor)

    with pytest.raises(CannotSign):
        sign_as(target, people.editor, Role.EDITOR, part)


def test_an_edition_is_written_without_any_signature(people):
    """The function that writes editions believes its caller: a careless plugin publishes what nobody signed."""
    page = make_article(by=people.author)
    sign_as(page, people.editor, Role.EDITOR)  # which stores the bytes; no clinician has seen them
    with contextlib.suppress(DomainError), transaction.atomic():
        publish(open_review(fresh(page)), by=None)
    with contextlib.suppress(DomainError), transaction.atomic():
        publish(open_review(fresh(page)), by=None, emergency="No clinician has time.")

    assert get(page).status_code == 404


def test_the_home_page_shows_what_is_withheld(people, publish):
    """Grace is over and no job has run: the API answers 410, and the home page prints title and summary."""
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = publish(make_article(by=people.author, title="Withheld by the clock"))
    overdue(page)

    assert get(page).status_code == 410
    assert "Withheld by the clock" not in Client().get("/").content.decode()


def test_a_conflict_shows_the_document_of_another_article(people, second):
    """Reports print every digest. Posted with the form of an article that one may sign, it is taken for what was on
    the screen: the page of the conflict then shows, as “changed”, every word of another article's signed draft."""
    hidden = make_article(by=people.author, title=SECRET, summary=DOSE)
    sign_as(hidden, people.editor, Role.EDITOR, "medical")
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    reviewer, address = client_of(second), "/admin/sign-off/article/{}/"
    assert reviewer.get(address.format(hidden.pk)).status_code == 302
    digest = load(fresh(hidden)).digests["medical"]
    assert digest in reviewer.get("/admin/reports/sign-offs/").content.decode()

    answer = reviewer.post(
        address.format(page.pk),
        {"digest-medical": digest, "role": "medical", "password": PASSWORD, "checklist": checklist.VERSION},
    )

    assert not {word for word in (SECRET, DOSE) if word in answer.content.decode()}


def test_a_mail_tells_the_pool_an_unsubmitted_title(people, published):
    """A review falls due: everybody in the pool is mailed the title of a draft that they may not open."""
    stranger = make_clinician("stranger", name="Dr Stranger")
    type(stranger).objects.filter(pk=stranger.pk).update(email="stranger@example.org")
    stranger.refresh_from_db()
    page = edit(published, by=people.author, title=SECRET)
    assert client_of(stranger).get(f"/admin/sign-off/article/{page.pk}/").status_code == 302

    letters.review_due(page, due_on=today(), step=0, today=today(), to=[stranger])

    row = Mail.objects.get(user=stranger)
    assert SECRET not in row.title + row.text


@pytest.mark.parametrize("is_published", [False, True])
def test_the_page_to_review_again_shows_an_unsubmitted_title(people, publish, second, is_published):
    """Whoever has some role reads titles of drafts at /articles/<pk>/reaffirm/: of one that was never published; and
    of one whose edition no longer renders to its bytes, since a source was corrected (findings of the draft too)."""
    source = make_source()
    page = make_article(by=people.author, title=SECRET, body=complete_body(source))
    if is_published:
        page = publish(make_article(by=people.author, body=complete_body(source)))
        source.title = "A study, spelt right"
        source.save()
        page = edit(page, by=people.author, title=SECRET)

    answer = client_of(second).get(f"/admin/articles/{page.pk}/reaffirm/", follow=True)

    assert SECRET not in answer.content.decode()


def test_a_lead_reads_an_unsubmitted_title_at_withdraw(people, lead):
    """/articles/<pk>/withdraw/ prints the title of a draft that was never published, to whoever may withdraw."""
    page = make_article(by=people.author, title=SECRET)

    assert SECRET not in client_of(lead).get(f"/admin/articles/{page.pk}/withdraw/", follow=True).content.decode()


def test_a_former_reviewer_reads_new_drafts(people, published):
    """Their role was taken away; having signed once opens the sign-off page, and with it each later draft, for good."""
    Person.objects.filter(user=people.reviewer).update(medical=False)
    edit(published, by=people.author, title=SECRET)

    answer = client_of(people.reviewer).get(f"/admin/sign-off/article/{published.pk}/", follow=True)

    assert SECRET not in answer.content.decode()


def test_a_stolen_session_takes_over_the_address_for_new_passwords(people):
    """The address is changed without a password; a new password is mailed to it (/admin/password_reset/), and that
    one signs: the password “typed now” proves nothing."""
    thief = client_of(people.reviewer)
    can_reset = Client().get("/admin/password_reset/").status_code == 200

    thief.post("/admin/account/", account(thief) | {"name_email-email": "thief@example.org"})

    people.reviewer.refresh_from_db()
    assert not can_reset or people.reviewer.email != "thief@example.org"


def test_a_stolen_session_guesses_the_password_in_the_account_form(people):
    """“Old password” in one's account is asked without lockout: a dozen guesses, and then the right one signs."""
    thief = client_of(people.reviewer)
    given = account(thief)
    for number in range(12):
        thief.post("/admin/account/", given | passwords(f"guess {number}"))

    thief.post("/admin/account/", given | passwords(PASSWORD))

    people.reviewer.refresh_from_db()
    assert not people.reviewer.check_password("the thief's own one")


@pytest.mark.parametrize("how", ["one", "many"])
def test_who_may_not_withdraw_does(people, published, how):
    """The permission stands in the forms alone: the verbs take articles back in the name of an author."""
    given = {"reason": "other", "by": people.author}
    with pytest.raises(DomainError):
        if how == "one":
            withdraw(page=fresh(published), **given)
        else:
            withdraw_many(articles=[published.article_id], **given)


@pytest.mark.parametrize("text", ["Take \u202e05 mg a day", "Stop\x07 it"])
def test_a_notice_reads_otherwise_than_it_was_signed(published, on_call, text):
    """Bidi overrides and control characters stand in a signed notice: “05 mg” is shown as “50 mg”."""
    with pytest.raises(DomainError):
        notices.give(articles=[published.article_id], texts={"en": text}, user=on_call, password=PASSWORD)


@pytest.mark.parametrize("field", ["role", "part"])
def test_a_forged_form_is_refused_in_words(people, field):
    """A role or part of no list is a ValueError, an answer of 500 in place of a refusal."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    given = {f"digest-{part}": digest for part, digest in load(fresh(page)).digests.items()} | {"role": "editor"}
    forged = {"role": {"role": "bishop"}, "part": {"digest-bishop": "sha-256:0"}}[field]

    answer = client_of(people.editor).post(
        f"/admin/sign-off/article/{page.pk}/", given | forged | {"password": PASSWORD}
    )

    assert answer.status_code in (400, 403, 409, 422)


def test_a_last_signature_and_the_schedule_wait_in_a_circle(crowd):
    """PostgreSQL: signing holds the ledger's counter and then locks the documents; what falls due locks the documents
    and then the counter. Two articles whose presentation says the same wait for each other; one act is lost."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no locks on rows")
    same = {"title": "The same", "summary": "The same words.", "seo_title": "The same"}
    signed, due = (make_article(by=crowd.author, **same) for _ in range(2))
    row = schedule_publication(page=fresh(due), at=soon(), zone=ZONE, by=crowd.editor)
    for page in (signed, due):
        submit(page=fresh(page), by=crowd.author)
        sign_as(page, crowd.editor, Role.EDITOR)
    sign_as(due, crowd.reviewer, Role.MEDICAL, "medical")
    make_due(row)
    advance = workflow.advance

    def signing():
        workflow.advance = lambda *args, **given: (time.sleep(1.5), advance(*args, **given))
        sign_as(signed, crowd.reviewer, Role.MEDICAL, "medical")

    def publishing():
        time.sleep(0.7)
        publish_due()

    assert together(signing, publishing) == ["done", "done"]
    assert [get(page).status_code for page in (signed, due)] == [200, 200]


def test_a_moment_before_all_time_is_refused_in_words(published, people):
    """An offset takes the moment below year 1: OverflowError, an answer of 500."""
    address = f"/admin/articles/{published.pk}/evidence/"

    answer = client_of(people.editor).get(address, {"as_of": "0001-01-01T00:00:00+14:00"})

    assert answer.status_code < 500


@pytest.mark.parametrize("what", ["digest", "suggestion"])
def test_a_nul_is_refused_in_words(people, what):
    """PostgreSQL answers 500; SQLite keeps a NUL in the suggestion, and puts it into the text when it is taken up."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    editor, block_id = client_of(people.editor), words_of(page)[0]["id"]
    if what == "digest":
        at, given = f"/admin/sign-off/article/{page.pk}/", {"digest-medical": "\x00", "role": "editor"}
    else:
        at = f"/admin/sign-off/article/{page.pk}/suggest/{block_id}/"
        given = {"before-0": "An itchy scalp is common.", "after-0": "An itchy scalp is \x00 common."}

    answer = editor.post(at, given | {"password": PASSWORD})

    assert answer.status_code in (400, 403, 409, 422)


# What did not.


def test_two_emergencies_at_once_are_one(crowd):
    page = make_article(by=crowd.author)

    told = together(*[lambda user=user: publish_at_once(page, user) for user in crowd.on_call])

    assert sorted(told) == ["done", "no-emergency"]
    assert Edition.objects.filter(subject=page.article_id).count() == 1
    assert len(set(SignOff.objects.filter(subject=page.article_id).values_list("user", flat=True))) == 1


def test_voiding_while_the_last_signature_publishes(crowd):
    """Whichever is first: no edition rests on a voided signature without the ledger and readers knowing."""
    page = make_article(by=crowd.author)
    submit(page=fresh(page), by=crowd.author)
    sign_as(page, crowd.reviewer, Role.MEDICAL, "medical")
    row = clinicians(page)

    told = together(
        lambda: sign_as(page, crowd.editor, Role.EDITOR), lambda: void(signoff=row, reason="None.", by=crowd.lead)
    )

    assert told == ["done", "done"]
    kinds = list(Event.objects.filter(subject=page.article_id).order_by("number").values_list("kind", flat=True))
    is_published = get(page).status_code == 200
    assert is_published == ("published" in kinds and kinds.index("published") < kinds.index("voided"))
    assert not is_published or get(page).json()["review"]["status"] != "current"


def test_a_notice_while_an_edition_is_published_and_a_withdrawal_of_all(crowd):
    pages = [make_article(by=crowd.author) for _ in range(3)]
    for page in pages:
        submit(page=fresh(page), by=crowd.author)
        sign_as(page, crowd.editor, Role.EDITOR)
        sign_as(page, crowd.reviewer, Role.MEDICAL, "medical")
        submit(page=edit(page, by=crowd.author, authors=make_byline()), by=crowd.author)
    keys = [page.article_id for page in pages]
    signing = [lambda page=page: sign_as(page, crowd.editor, Role.EDITOR, "presentation") for page in reversed(pages)]

    told = together(
        lambda: notices.give(articles=keys, texts={"en": "Stop."}, user=crowd.on_call[0], password=PASSWORD), *signing
    )
    assert set(told) == {"done"}
    assert [[row["text"] for row in get(page).json()["notices"]] for page in pages] == [["Stop."]] * 3
    for page in pages:
        submit(page=edit(page, by=crowd.author, authors=make_byline()), by=crowd.author)

    told = together(lambda: withdraw_many(articles=keys, reason="other", by=crowd.editor), *signing)
    assert told[0] == "done"
    latest = [Event.objects.filter(subject=key, kind__in=["withdrawn", "published"]).last().kind for key in keys]
    assert [get(page).status_code for page in pages] == [410 if kind == "withdrawn" else 200 for kind in latest]
    assert latest == ["withdrawn"] * 3  # old signatures end with the withdrawal, so nothing came back after it


def test_a_note_changed_after_signing_carries_no_signature(people, publish):
    page = edit(publish(make_article(by=people.author)), by=people.author, summary="What helps, said anew.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    amend(page, people.author, change_note=DOSE, is_correction=True)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert DOSE not in stored_text(page)
    with pytest.raises(NotSignedOff):
        publish_article(page=fresh(page), by=people.editor)


def test_an_editor_publishes_no_dose_by_calling_it_editorial(people, publish):
    """They propose the change of a text as wording, and sign whatever an editor can; nobody else signs."""
    page = edit(publish(make_article(by=people.author)), by=people.author, summary=DOSE)
    page = amend(page, people.author, change_note="", is_editorial=True)
    submit(page=page, by=people.author)
    for part in ("medical", "presentation"):
        with contextlib.suppress(DomainError):
            sign_as(page, people.editor, Role.EDITOR, part)

    with pytest.raises(NotSignedOff, match="medical reviewer on the medical part"):
        publish_article(page=fresh(page), by=people.editor)
    assert DOSE not in stored_text(page)


def test_re_affirming_signs_readers_bytes_whatever_the_draft_says(people, published):
    before = get(published).json()["content"]
    page = edit(published, by=people.author, title="Another title", summary=DOSE)

    sign_again(page, people.reviewer, "medical", "medical")

    signed = SignOff.objects.latest("event")
    assert signed.digest == Edition.objects.get(subject=page.article_id).digests["medical"]
    assert get(page).json()["content"] == before
    with pytest.raises(ContentChanged):
        shown = {"medical": load(fresh(page)).digests["medical"]}
        reaffirm(page=fresh(page), user=people.reviewer, role="medical", shown=shown, password=PASSWORD, given={})


def test_no_emergency_by_who_wrote_it_lacks_the_role_or_the_permission(people, on_call, root, second):
    own = make_article(by=on_call)
    with pytest.raises(CannotSign):
        publish_at_once(own, on_call)
    page = make_article(by=people.author)
    with pytest.raises(CannotSign):
        publish_at_once(page, root)
    with pytest.raises(NotPermitted):
        publish_at_once(page, second)
    with pytest.raises(CannotSign):
        publish_at_once(
            amend(page, people.author, authors=[ArticleAuthor(person=on_call.person, sort_order=0)]), on_call
        )

    assert not Edition.objects.filter(subject__in=[own.article_id, page.article_id]).exists()
    assert not SignOff.objects.filter(subject__in=[own.article_id, page.article_id]).exists()


def test_the_writer_does_not_end_an_emergency(people, on_call):
    page = make_article(by=people.author)
    page = amend(page, people.editor, summary="An editor's own words.")
    publish_at_once(page, on_call)

    for attempt in (
        lambda: sign_again(page, people.editor, "editor", "medical"),
        lambda: sign_as(page, people.editor, Role.EDITOR, "medical"),
        lambda: sign_again(page, on_call, "editor", "medical"),
    ):
        with pytest.raises(DomainError):
            attempt()
    assert get(page).json()["review"]["status"] == "emergency"


def test_a_second_emergency_rests_on_a_signature_on_its_own_text(people, on_call):
    page = make_article(by=people.author)
    publish_at_once(page, on_call)
    page = edit(page, by=people.author, summary="Said anew, in haste.")

    edition = publish_at_once(page, on_call)

    signed = SignOff.objects.filter(pk__in=edition.signoffs)
    assert {row.part: row.digest for row in signed} == edition.digests
    assert all(row.event < edition.event for row in signed)
    with pytest.raises(DomainError):
        publish_at_once(page, on_call)


@pytest.mark.parametrize("method", ["get", "head"])
def test_no_route_serves_what_the_clock_withholds(people, publish, method):
    """Also for who holds its ETag, also compressed, also by an old slug; before any job has run."""
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    topic = make_topic()
    page = publish(make_article(by=people.author, topics=[topic]))
    etag = get(page)["ETag"]
    refile(page=fresh(page), slug="a-new-address", topics=[topic], by=people.editor)
    overdue(page)
    ask = getattr(Client(), method)
    ways = ["", "sections/", "sections/risks/", "editions/", "editions/1/", "editions/1/parts/medical/"]
    names = [str(page.article_id), "a-new-address", page.slug]
    tried = [f"/api/v1/articles/{name}/{way}" for name in names for way in ways]
    tried += [f"/read/en/{name}/" for name in names[1:]]

    answers = [ask(at, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"}) for at in tried]
    answers += [ask(at, {"rich_text": form}) for at in tried[:1] for form in ("portable", "markdown")]

    assert {answer.status_code for answer in answers} == {410}
    asked = [{"topic": topic.slug}, {"kind": "risks"}, {"article_type": "condition"}, {"locale": "en"}, {}]
    lists = [Client().get(f"/api/v1/articles/?{urlencode(given)}").json()["results"] for given in asked]
    assert lists == [[]] * len(asked)
    assert Client().get("/api/v1/topics/").json()["results"] == []


def test_a_policy_that_became_stricter_stops_what_was_signed(people):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    policy = Policy.objects.get(kind="medical", is_default=True)
    policy.specialty = "Oncology"
    policy.save()
    sign_as(page, people.editor, Role.EDITOR)

    assert get(page).status_code == 404
    assert [item.specialty for item in signatures.missing(load(fresh(page)))] == ["Oncology"]


def test_old_words_do_not_come_back_on_their_old_signature(people, published, publish):
    old = load(fresh(published)).digests["medical"]
    first = fresh(published).get_latest_revision()
    page = publish(edit(published, by=people.author, summary="Said anew."))
    draft = first.as_object()
    draft.change_note = "Back again."
    draft.save_revision(user=people.author)

    review = load(fresh(page))
    assert review.digests["medical"] == old
    assert {item.role for item in signatures.missing(review) if item.part == "medical"} == {"editor", "medical"}


def test_the_writer_does_not_sign_a_copy_that_the_admin_makes_nor_a_retitled_source(people):
    page = make_article(by=people.editor)
    copy = fresh(page).copy(user=people.author, update_attrs={"slug": "copied"}, keep_live=False)
    source = make_source(title="One work")
    citing = make_article(by=people.author, body=complete_body(source))
    with LogContext(user=people.editor):
        for title in ("Another work", "One work"):
            source.title = title
            source.save()

    for target in (page, copy, citing):
        with pytest.raises(CannotSign):
            sign_as(fresh(target), people.editor, Role.EDITOR, "medical")


def test_a_voided_signature_never_counts_again(people, published, lead, publish):
    voided = clinicians(published)
    void(signoff=voided, reason="No licence.", by=lead)
    sign_as(published, make_clinician("second", name="Dr Second"), Role.MEDICAL, "medical")
    page = edit(published, by=people.author, authors=make_byline())
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR, "presentation")

    assert voided.pk not in Edition.objects.filter(subject=page.article_id).latest("number").signoffs


def test_a_suggestion_is_text_and_the_editors_own(people, second):
    body = [block("introduction", text="<p>Take it <b>daily</b> with water.</p>"), *complete_body(make_source())[1:]]
    page = make_article(by=people.author, body=body)
    submit(page=fresh(page), by=people.author)
    section = body[0]["id"]
    nasty = 'with <script>alert(1)</script><a linktype="citation" sources="1">water</a>.'
    row = suggestions.suggest(page=fresh(page), by=second, section=section, before="with water.", after=nasty)

    with pytest.raises(DomainError):
        suggestions.accept(suggestion=row, by=second)
    suggestions.accept(suggestion=row, by=people.editor)

    text = words_of(page)[0]["value"]["text"]
    assert "<script" not in text and "<a " not in text and "&lt;script&gt;" in text
    last = Contribution.objects.filter(subject=str(page.article_id), part="medical").latest("pk")
    assert last.user_key == people.editor.pk
    with pytest.raises(CannotSign):
        sign_as(page, people.editor, Role.EDITOR, "medical")


def test_a_notice_is_given_and_lifted_by_who_is_on_call(people, published, on_call, second, root):
    unpublished = make_article(by=people.author)
    for articles, user in (([published.article_id], second), ([published.article_id], root)):
        with pytest.raises((NotPermitted, CannotSign)):
            notices.give(articles=articles, texts={"en": "Stop."}, user=user, password=PASSWORD)
    with pytest.raises(DomainError):
        notices.give(articles=[unpublished.article_id], texts={"en": "Stop."}, user=on_call, password=PASSWORD)
    notice = notices.give(articles=[published.article_id], texts={"en": "Stop."}, user=on_call, password=PASSWORD)
    with pytest.raises(NotPermitted):
        notices.lift(notice=notice, reason="Mine.", by=second)
    with pytest.raises(DomainError):
        notices.lift(notice=published.article_id, reason="A forged id.", by=on_call)

    assert [row["text"] for row in get(published).json()["notices"]] == ["Stop."]
    assert get(unpublished).status_code == 404


def test_markup_in_a_notice_stays_text(published, on_call):
    notices.give(
        articles=[published.article_id], texts={"en": "<script>alert(1)</script>"}, user=on_call, password=PASSWORD
    )
    pages = [Client().get(f"/read/en/{published.slug}/"), client_of(on_call).get("/admin/safety-notices/")]

    assert all("alert(1)" in page.content.decode() for page in pages)
    assert not any("<script>alert(1)" in page.content.decode() for page in pages)


def test_passwords_are_not_guessed_on_the_page_for_emergencies(people, on_call):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    review = load(fresh(page))
    given = {f"digest-{part}": digest for part, digest in review.digests.items()}
    given |= {"why": "A recall.", "checklist": checklist.VERSION}
    thief = client_of(on_call)
    for number in range(6):
        thief.post(f"/admin/articles/{page.pk}/emergency/", given | {"password": f"guess {number}"})

    answer = thief.post(f"/admin/articles/{page.pk}/emergency/", given | {"password": PASSWORD})

    assert answer.status_code in (403, 429)
    assert get(page).status_code == 404


@pytest.mark.parametrize("way", ["sign-off/article/{}/", "articles/{}/reaffirm/", "articles/{}/emergency/"])
def test_another_site_posts_no_signature(people, published, on_call, way):
    page = make_article(by=people.author) if "emergency" in way else published
    before = SignOff.objects.count()
    given = {f"digest-{part}": digest for part, digest in load(fresh(page)).digests.items()}
    given |= {"role": "medical", "password": PASSWORD, "checklist": checklist.VERSION, "why": "A recall."}

    answer = client_of(on_call, enforce_csrf_checks=True).post(f"/admin/{way.format(page.pk)}", given)

    assert answer.status_code == 403
    assert SignOff.objects.count() == before


def test_the_account_form_gives_nobody_a_role(people):
    Person.objects.create(user=people.author, name="The author")
    author = client_of(people.author)
    given = account(author) | {"away-until": "2030-01-01"}
    forged = {f"away-{name}": "on" for name in ("medical", "legal", "is_superuser")} | {
        "away-valid_until": "2040-01-01"
    }

    answer = author.post("/admin/account/", given | forged)

    person = Person.objects.get(user=people.author)
    assert answer.status_code == 302 and person.away_until is not None
    assert (person.medical, person.legal, person.valid_until) == (False, False, None)


@pytest.mark.parametrize("report", ["articles", "reports/sign-offs", "reports/ledger"])
def test_reports_do_not_name_drafts_to_reviewers(people, second, report):
    page = make_article(by=people.author, title=SECRET)
    sign_as(page, people.editor, Role.EDITOR, "presentation")
    reader = client_of(second)

    texts = ("", SECRET.removeprefix("A title "), str(page.article_id))
    asked = [reader.get(f"/admin/{report}/", {"subject": text, "q": text}) for text in texts]
    asked += [reader.get(f"/admin/{report}/", {"export": "csv"})]

    assert [answer.status_code for answer in asked] == [200] * 4
    told = [b"".join(answer.streaming_content) if answer.streaming else answer.content for answer in asked]
    assert not any(SECRET in page.decode() for page in told)


def test_the_evidence_pack_holds_nothing_of_the_draft_of_today(people, published, second):
    edit(published, by=people.author, title=SECRET, summary=DOSE)

    answer = client_of(second).get(f"/admin/articles/{published.pk}/evidence/")

    pack = ZipFile(BytesIO(answer.content))
    whole = b"".join(pack.read(name) for name in pack.namelist()).decode(errors="replace")
    assert answer.status_code == 200 and str(published.article_id) in whole
    assert SECRET not in whole and DOSE not in whole


def clinicians_of(component) -> SignOff:
    return SignOff.objects.filter(subject=component.component_id).latest("pk")


def stored_text(page) -> str:
    """Everything that readers get of it, and of its editions."""
    return get(page).content.decode() + Client().get(f"/api/v1/articles/{page.article_id}/editions/").content.decode()


def overdue(page) -> None:
    """As if its grace had ended yesterday, and no job had run since."""
    past = timezone.now() - timedelta(days=1)
    rows = Publication.objects.filter(article=page.article_id)
    rows.update(grace_ends_at=past, fresh_until=past, next_review_on=past.date())


def posted_by(html: str) -> dict[str, str]:
    """The hidden fields of the form that signs."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def passwords(old: str) -> dict[str, str]:
    new = "the thief's own one"
    return {"password-old_password": old, "password-new_password1": new, "password-new_password2": new}


def account(client: Client) -> dict[str, str]:
    """What one's account posts when nothing was typed."""
    return {
        "name_email-first_name": "A",
        "name_email-last_name": "B",
        "name_email-email": "a@example.org",
        "locale-preferred_language": "",
        "locale-current_time_zone": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
