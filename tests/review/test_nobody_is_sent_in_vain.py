"""Whoever the start page, the letters and the pages name can indeed sign, and nobody who can is left out.

Each seed makes up a situation: roles, specialties, contributions, a byline, signatures, declines, second logins,
lapsed credentials, absences; of a draft in the workflow or of an edition whose signatures are asked for again.
"""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from wagtail.log_actions import LogContext

from articles.admin.home.waiting import waiting_for
from articles.admin.sign_off import answers
from articles.authoring.models import ArticleAuthor, ArticlePage
from articles.authoring.people import Person
from articles.errors import DomainError
from articles.publishing.jobs import reminders
from articles.publishing.reaffirm import reaffirm
from articles.publishing.sign import sign
from articles.publishing.void import void
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import DeclineReason
from articles.review.models import Decline, Mail, OpenNeed, Policy, Reminder
from articles.review.needs import table
from articles.review.needs.rules import load_asked, refusal
from articles.review.responses import declines
from articles.review.signing import checklist
from articles.review.submit import submit
from articles.sources.models import Source
from cms.models import User
from tests.factories import (
    PASSWORD,
    edit,
    give_login,
    make_article,
    make_clinician,
    make_user,
    note_needs,
    sign_and_publish,
    today,
)

# Drafts and editions, asked of one role or of three, of many people and of nobody, with second logins among them.
SEEDS = (0, 4, 5, 7, 8, 10)
SPECIALTIES = ("Dermatology", "Dermatology; Trichology", "Surgery", "")


class Undo(Exception):
    """Ends a transaction whose act went through."""


class Situation:
    """People and one article, made up by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lead = make_user("lead", "Medical leads")
        self.author = make_user("author", "Authors")
        self.editors = [make_user(f"editor-{number}", "Editors") for number in range(2)]
        self.clinicians = [self._clinician(number) for number in range(5)]
        both = make_clinician("both", name="Dr Both")
        both.groups.set([*both.groups.all(), *self.editors[0].groups.all()])
        self.everybody = [*self.editors, *self.clinicians, both, self.author]
        self.page = make_article(by=self.author)

    def _clinician(self, number: int) -> User:
        chance = self.chance
        return make_clinician(
            f"clinician-{number}",
            name=f"Dr {number}",
            specialty=chance.choice(SPECIALTIES),
            medical=chance.random() < 0.9,
            legal=chance.random() < 0.4,
        )

    def happens(self) -> None:
        """What people did to the text, before and after it was submitted or published."""
        if self.chance.random() < 0.5:
            self.publish()
            self.set_policy()
            self.ask_again()
        else:
            self.set_policy()
            self.change_text()
            submit(page=self.fresh(), by=self.author)
            self.sign_some()
        self.decline_some()
        if self.chance.random() < 0.3:
            self.change_source()

    def publish(self) -> None:
        helpers = {"by": self.author, "editor": make_user("first-editor", "Editors")}
        first = make_clinician("first-clinician", name="Dr First")
        sign_and_publish(self.page, **helpers, reviewer=first)
        self.everybody += [helpers["editor"], first]

    def set_policy(self) -> None:
        fields = {"medical": self.chance.choice([1, 1, 2]), "legal": self.chance.choice([0, 0, 1])}
        specialty = self.chance.choice(["", "", "Trichology", "Dermatology"])
        Policy.objects.filter(kind="medical").update(**fields, specialty=specialty)

    def change_text(self) -> None:
        for _ in range(self.chance.randrange(3)):
            words = f"What helps, number {self.chance.random()}."
            edit(self.page, by=self.chance.choice(self.everybody), summary=words)
        if self.chance.random() < 0.4:
            draft = self.fresh().get_latest_revision_as_object()
            draft.authors = [ArticleAuthor(person=self.chance.choice(self.clinicians).person)]
            draft.save_revision(user=self.author)

    def ask_again(self) -> None:
        if self.chance.random() < 0.5:
            row = self.chance.choice(list(SignOff.objects.filter(subject=self.page.article_id)))
            void(signoff=row, reason="The licence had lapsed.", by=self.lead)
        else:
            Publication.objects.update(next_review_on=today())
        if self.chance.random() < 0.5:
            self.change_text()  # of a draft that nobody submitted
        for user in self.chance.sample(self.everybody, 2):
            self.try_to_sign(user, self.chance.choice(["medical", "legal", "editor"]))

    def sign_some(self) -> None:
        for user in self.chance.sample(self.everybody, 4):
            self.try_to_sign(user, self.chance.choice(["editor", "editor", "medical", "legal"]))

    def try_to_sign(self, user: User, role: str) -> None:
        for part in load_asked(self.fresh()).documents:
            signs(self.fresh(), user, role, part, is_kept=True)

    def decline_some(self) -> None:
        for user in self.chance.sample(self.everybody, 2):
            try:
                reason = self.chance.choice(DeclineReason.values)
                declines.decline(target=self.fresh(), by=user, role="medical", reason=reason)
            except DomainError:
                continue

    def change_source(self) -> None:
        source = Source.objects.order_by("pk").first()
        source.title = "Another study of scalps"
        with LogContext(user=self.chance.choice(self.clinicians)):
            source.save()

    def people_change(self) -> None:
        """After all was written; no text tells of it."""
        for user in self.chance.sample(self.clinicians, 2):
            person = Person.objects.get(user=user)
            change = self.chance.choice(["lapsed", "away", "left", "login", "none"])
            if change == "lapsed":
                person.valid_until = today() - timedelta(days=1)
            elif change == "away":
                person.away_until = today()
            elif change == "login":
                give_login(person, make_user(f"{user.username}-again", "Medical reviewers"))
                person.refresh_from_db()
                self.everybody.append(person.user)
            elif change == "left":
                user.is_active = False
                user.save()
            person.save()

    def fresh(self) -> ArticlePage:
        return ArticlePage.objects.get(pk=self.page.pk)

    def said_no(self, user: User) -> bool:
        person = user.username.removesuffix("-again")
        since = load_asked(self.fresh()).since
        rows = Decline.objects.filter(subject=self.page.article_id, user__username__in=[person, f"{person}-again"])
        return (rows.filter(at__gt=since) if since else rows).exists()


def signs(page: ArticlePage, user: User, role: str, part: str, *, is_kept: bool = False) -> bool:
    """Whether the real service lets this person sign the part; undone unless `is_kept`."""
    review = load_asked(page)
    given = {"user": user, "role": role, "shown": review.shown([part]), "password": PASSWORD}
    answered = checklist.confirmed()
    try:
        with transaction.atomic():
            if review.is_edition:
                reaffirm(page=page, given=answered, **given)
            else:
                sign(target=page, checklist=answered, **given)
            if not is_kept:
                raise Undo
    except Undo:
        return True
    except DomainError:
        return False
    return True


def is_there(user: User) -> bool:
    person = Person.objects.filter(user=user).first()
    return person is None or person.away_until is None or person.away_until < today()


@pytest.fixture
def situation(request, db, django_capture_on_commit_callbacks):
    made = Situation(request.param)
    made.happens()
    note_needs(made.page)
    with django_capture_on_commit_callbacks(execute=True):
        made.people_change()
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    made.everybody = [User.objects.get(pk=user.pk) for user in made.everybody]
    return made


@pytest.mark.parametrize("situation", SEEDS, indirect=True)
def test_whoever_is_named_can_sign_and_whoever_can_is_named(situation):
    rows, page = list(table.open_rows()), situation.fresh()
    named = table.who_could_sign(rows)
    able = {
        row.key: {
            user
            for user in situation.everybody
            if is_there(user)
            and not situation.said_no(user)
            and any(signs(page, user, row.role, lack["part"]) for lack in row.lacking)
        }
        for row in rows
    }

    print(
        "SITUATION", [(r.role, r.is_edition, bool(r.obstacle), sorted(u.username for u in able[r.key])) for r in rows]
    )
    assert {key: set(users) for key, users in named.items()} == able
    for user in situation.everybody:
        assert bool(waiting_for(user)) == any(user in users for users in able.values())
    review = load_asked(page)
    for row in rows:
        for user in able[row.key]:
            assert row.role in [way.role for way in answers.ways_of(review, user)[0]]
            assert any(refusal(review, user, row.role, lack["part"]) is None for lack in row.lacking)
    first, in_the_end = letters_of(situation)
    pools = [{user.username for user in users} for users in able.values() if users]
    assert all(first & pool for pool in pools) and len(first) <= len(pools), "one person for each signature"
    assert in_the_end == set().union(*pools) and first <= in_the_end


def letters_of(situation: Situation) -> tuple[set[str], set[str]]:
    """To whom letters go when the same is asked anew: (at first, after three working days).

    Of a draft the requests tell them, of an edition the reminders.
    """
    is_edition = any(row.is_edition for row in table.open_rows())
    OpenNeed.objects.all().delete()
    Mail.objects.all().delete()
    Reminder.objects.all().delete()
    note_needs(situation.page)
    if is_edition:
        Publication.objects.update(next_review_on=today())
        reminders.remind(datetime.now(UTC))
    first = told_to_sign()
    reminders.tell_pools(datetime.now(UTC) + timedelta(days=7))
    return first, told_to_sign()


def told_to_sign() -> set[str]:
    """Beside the owner, who is reminded of a due review, too."""
    rows = Mail.objects.filter(kind__in=("due", "overdue", "submitted"))
    return set(rows.values_list("user__username", flat=True)) - {"author"}
