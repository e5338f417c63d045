"""The issue's Shows 1: whatever people try, in whatever order, readers get only what the model says they may."""

import io
import os
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PIL import Image as Picture
from wagtail.log_actions import LogContext

from articles.errors import DomainError
from articles.publishing import emergency, notices, reaffirm
from articles.publishing.jobs.due import publish_due
from articles.publishing.people import handing_over
from articles.publishing.people.void_since import signed_since, void_since
from articles.publishing.publish import publish_article
from articles.publishing.recall import active_notices, returning
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.session import following
from articles.publishing.session import signing as signing_sessions
from articles.publishing.sign import sign
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import SignOff
from articles.review.models import Suggestion
from articles.review.needs.rules import lacking
from articles.review.opening import load, load_current
from articles.review.responses import change_requests, declines, suggestions
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from articles.sources.models import Source
from tests.factories import PASSWORD, make_byline, make_image
from tests.machine.model import MEDICAL, PARTS, PRESENTATION, Model
from tests.machine.world import World

PROVE = bool(os.environ.get("PROVE"))
WRITERS = st.sampled_from(["author", "editor", "second", "reviewer"])
EDITORS = st.sampled_from(["editor", "second"])
CLINICIANS = st.sampled_from(["reviewer", "other", "on-call"])
SIGNERS = st.sampled_from(["author", "editor", "second", "reviewer", "other", "on-call", "lead"])
REACHED: set[str] = set()


class Publishing(RuleBasedStateMachine):
    """Rules act on the system and tell the model; what the system refuses, the model never hears of."""

    @initialize(after_grace=st.sampled_from(["banner", "drop-offers", "withhold"]))
    def begin(self, after_grace: str) -> None:
        self.world, self.model = World(after_grace), Model()
        self.people, self.count, self.notice = self.world.people, 0, None
        self.unconfirmed: dict = {}
        self.is_deleted = False
        self.model.write(MEDICAL, "author", self.token(MEDICAL))
        self.model.write(PRESENTATION, "author", self.token(PRESENTATION))
        self.shown: dict = {}
        self.session: tuple | None = None

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    # What stands in the draft, as the model names it.

    def token(self, part: str) -> object:
        page = self.world.page.get_latest_revision_as_object()
        source = Source.objects.get(pk=self.world.source.pk)
        if part == MEDICAL:
            return (page.summary, source.title, page.hero.sha256 if page.hero else None)
        return [row.person.name for row in page.authors.all()]

    def tokens(self) -> dict[str, object]:
        return {part: self.token(part) for part in PARTS}

    def attempt(self, act) -> bool:
        """Whether it was done; a refusal undoes everything that it had begun."""
        try:
            with transaction.atomic():
                act()
        except (DomainError, PermissionDenied):
            return False
        finally:
            self.world.settle()
        return True

    def save(self, user: str, **fields) -> None:
        """A new revision; the model's author of what it changed."""
        before = self.tokens()
        draft = self.world.page.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(draft, name, value)
        overwrite = self.world.page.get_latest_revision() if fields.pop("_in_place", False) else None
        draft.save_revision(user=self.people[user], overwrite_revision=overwrite)
        self.tell_proposal(draft)
        for part, token in self.tokens().items():
            if token != before[part]:
                self.model.write(part, user, token)

    def tell_proposal(self, draft) -> None:
        self.model.note = draft.change_note
        self.model.wording_only = draft.is_editorial and not draft.change_note

    def number(self) -> int:
        self.count += 1
        return self.count

    # Writing

    @rule(user=WRITERS)
    def edit_medical(self, user: str) -> None:
        self.save(user, summary=f"{self.number()} words.", change_note=f"Note {self.count}.")

    @rule(user=WRITERS)
    def edit_presentation(self, user: str) -> None:
        self.save(user, authors=make_byline(), change_note=f"Note {self.count}.")

    @rule(user=WRITERS)
    def edit_note(self, user: str) -> None:
        self.save(user, change_note=f"Another note {self.number()}.")

    @rule(user=EDITORS)
    def edit_wording(self, user: str) -> None:
        """Whatever it says by now, its author calls it editorial: also a new number of words."""
        self.save(user, summary=f"{self.number()} words, said better.", change_note="", is_editorial=True)

    @rule(user=WRITERS)
    def autosave_in_place(self, user: str) -> None:
        page = self.world.page
        latest = page.get_latest_revision()
        if latest.user_id == self.people[user].pk:
            before, draft = self.tokens(), page.get_latest_revision_as_object()
            draft.summary = f"{self.number()} words."
            draft.change_note = f"Autosaved {self.count}."
            draft.save_revision(user=self.people[user], overwrite_revision=latest)
            self.tell_proposal(draft)
            for part, token in self.tokens().items():
                if token != before[part]:
                    self.model.write(part, user, token)

    @rule(user=WRITERS)
    def bring_back_an_old_text(self, user: str) -> None:
        old = self.world.page.revisions.order_by("pk").first()
        if old:
            text = old.as_object()
            self.save(
                user, summary=text.summary, authors=list(text.authors.all()), change_note=f"Back {self.number()}."
            )

    @rule(user=EDITORS)
    def edit_source(self, user: str) -> None:
        source = Source.objects.get(pk=self.world.source.pk)
        source.title = f"A study, title {self.number()}"
        with LogContext(user=self.people[user]):
            source.save()
        self.model.write(MEDICAL, user, self.token(MEDICAL))

    @rule(status=st.sampled_from(["standing", "corrected", "expression-of-concern", "retracted"]))
    def question_source(self, status: str) -> None:
        """As a cataloguer would, who signs nothing; what the source says stays."""
        source = Source.objects.get(pk=self.world.source.pk)
        source.status = status
        source.save()
        self.world.settle()

    @rule(user=WRITERS)
    def replace_image(self, user: str) -> None:
        shade = self.number() % 250
        image = make_image(file=_picture(Picture.new("RGB", (64, 48), (shade, shade, 9)), f"p{self.count}.png"))
        self.save(user, hero=image, change_note=f"Picture {self.count}.")

    @rule()
    def change_offer(self) -> None:
        self.world.offer.refresh_from_db()
        self.world.offer.text = f"Offer {self.number()}."
        self.world.offer.save()
        self.world.offer.save_revision(user=self.people["author"])

    # Review

    @rule()
    def submit(self) -> None:
        """It publishes at once where everybody has signed already."""
        self.attempt(lambda: submit(page=self.world.page, by=self.people["author"]))
        self.follow()

    @rule()
    def look(self) -> None:
        """What is on a reviewer's screen until they look again."""
        review = load(self.world.page)
        self.shown = {part: (review.digests[part], self.token(part)) for part in PARTS}
        self.shown_note = (review.note_mark, self.model.note)

    @rule(user=SIGNERS, role=st.sampled_from(["editor", "medical"]), scope=st.sampled_from(["whole", "changes"]))
    def sign_what_is_there(self, user: str, role: str, scope: str) -> None:
        review = load(self.world.page)
        wanted = signatures.parts_to_sign(review, role)
        seen = {part: (review.digests[part], self.token(part)) for part in wanted}
        self._sign(user, role, scope, seen, (review.note_mark, self.model.note))

    @precondition(lambda self: self.shown)
    @rule(user=SIGNERS, role=st.sampled_from(["editor", "medical"]))
    def sign_what_was_seen(self, user: str, role: str) -> None:
        parts = PARTS if role == "editor" else (MEDICAL,)
        self._sign(user, role, "whole", {part: self.shown[part] for part in parts}, self.shown_note)

    @rule(user=SIGNERS, role=st.sampled_from(["editor", "medical"]))
    def look_at_a_session(self, user: str, role: str) -> None:
        """What “Sign several” shows this person, until somebody looks again."""
        texts, _ = signing_sessions.waiting_for(self.people[user], role)
        page = signing_sessions.token_of(self.people[user], role, (text.shown for text in texts))
        ticked = [each.key for text in texts for each in text.told]
        self.session = (user, page, ticked, self.tokens(), self.model.note) if texts else None

    @precondition(lambda self: self.session)
    @rule()
    def sign_the_session(self) -> None:
        """Everything that was shown is ticked; then the worker runs."""
        (user, page, ticked, tokens, note), before = self.session, self._last_key()
        person = self.people[user]
        self.attempt(lambda: signing_sessions.sign_several(user=person, token=page, ticked=ticked, password=PASSWORD))
        if self._last_key() > before:
            self._tell_signatures(user, before, tokens, note)
            REACHED.add("session")
        self.attempt(lambda: following.finish(self.world.article))
        self.follow()

    @rule()
    def sign_a_session_as_it_should_be(self) -> None:
        self.make_way()
        self.edit_medical("author")
        self.submit()
        self.sign_what_is_there("editor", "editor", "whole")
        self.look_at_a_session("reviewer", "medical")
        if self.session:
            self.sign_the_session()

    def _sign(self, user: str, role: str, scope: str, seen: dict, told: tuple[str, str]) -> None:
        (mark, note), before = told, self._last_key()
        given = checklist.confirmed()
        shown = {part: digest for part, (digest, _) in seen.items()} | ({"note": mark} if mark else {})
        if self.attempt(
            lambda: sign(
                target=self.world.page,
                user=self.people[user],
                role=role,
                shown=shown,
                password=PASSWORD,
                scope=scope,
                checklist=given,
            )
        ):
            self._tell_signatures(user, before, {part: token for part, (_, token) in seen.items()}, note)

    def _tell_signatures(self, user: str, before: int, tokens: dict, note: str, *, hurried: bool = False) -> None:
        for row in SignOff.objects.filter(pk__gt=before, subject=self.world.article).order_by("pk"):
            self.model.sign(row.pk, row.part, tokens[row.part], row.role, user, row.scope, note)
        REACHED.add("signed")
        self.follow(hurried=hurried)

    def _last_key(self) -> int:
        return SignOff.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @rule(user=st.sampled_from(["author", "author", "second"]))
    def write_and_review_as_it_should_be(self, user: str) -> None:
        """So that deep states are reached: nothing stands in the way, and whoever may sign does."""
        self.make_way()
        self.edit_medical(user)
        self.review_as_it_should_be()

    @rule()
    def review_as_it_should_be(self) -> None:
        self.make_way()
        self.submit()
        for role in ("editor", "medical"):
            for user in ("editor", "second") if role == "editor" else ("reviewer", "other"):
                self.sign_what_is_there(user, role, "whole")

    def make_way(self) -> None:
        self.question_source("standing")
        for user in self.people.values():
            user.is_active = True
            user.save()

    @rule()
    def reaffirm_as_it_should_be(self) -> None:
        self.make_way()
        for user in ("reviewer", "other", "on-call"):
            self.reaffirm(user)

    @rule(user=CLINICIANS)
    def suggest(self, user: str) -> None:
        section = self.world.page.get_latest_revision_as_object().body.raw_data[-2]
        words = "Promising, and early." if "Promising" in str(section) else "Promising and early."
        self.attempt(
            lambda: suggestions.suggest(
                page=self.world.page,
                by=self.people[user],
                section=section["id"],
                before=words,
                after="Promising, yet early.",
            )
        )

    @rule(user=SIGNERS)
    def accept(self, user: str) -> None:
        row = Suggestion.objects.filter(state="open").first()
        if row and self.attempt(lambda: suggestions.accept(suggestion=row, by=self.people[user])):
            # The passage is in the body, of which the model's token says nothing: it is a new text all the same.
            REACHED.add("accepted")
            self.save(user, summary=f"{self.number()} words.", change_note=f"Accepted {self.count}.")
            suggester = next(name for name, person in self.people.items() if person.pk == row.user_id)
            self.model.write(MEDICAL, suggester, self.token(MEDICAL))

    @rule(user=SIGNERS)
    def request_changes(self, user: str) -> None:
        self.attempt(lambda: change_requests.ask(target=self.world.page, by=self.people[user], reason="Mend it."))

    @rule(user=CLINICIANS, reason=st.sampled_from(["not-my-field", "no-time", "conflict-of-interest"]))
    def decline(self, user: str, reason: str) -> None:
        self.attempt(
            lambda: declines.decline(target=self.world.page, by=self.people[user], role="medical", reason=reason)
        )

    # Publishing and after

    @rule(minutes=st.integers(1, 600))
    def schedule(self, minutes: int) -> None:
        at = timezone.now() + timedelta(minutes=minutes)
        self.attempt(
            lambda: schedule_publication(page=self.world.page, at=at, zone="Europe/Berlin", by=self.people["editor"])
        )

    @rule(hours=st.sampled_from([1, 24, 72, 24 * 400]))
    def clock(self, hours: int) -> None:
        self.world.ahead += timedelta(hours=hours)
        publish_due()
        for notice, (_, given_at) in list(self.unconfirmed.items()):
            if given_at + notices.TO_CONFIRM <= timezone.now():
                self.forget_notice(notice)
                REACHED.add("unconfirmed")
        self.world.settle()
        self.follow()

    @rule()
    def publish_anyway(self) -> None:
        self.attempt(lambda: publish_article(page=self.world.page, by=self.people["editor"]))
        self.follow()

    @rule()
    def withdraw(self) -> None:
        if self.attempt(lambda: withdraw(page=self.world.page, reason="other", by=self.people["editor"])):
            self.model.withdraw()
            REACHED.add("withdrawn")

    @rule(user=SIGNERS)
    def return_unchanged(self, user: str) -> None:
        """It comes back as it was, or not at all."""
        person, tokens, before = self.people[user], self.tokens(), self._last_key()
        token = returning.page_token(person, returning.candidates([self.world.page], person))
        key = str(self.world.article)
        if self.attempt(lambda: returning.return_unchanged(user=person, token=token, ticked=[key], password=PASSWORD)):
            assert user in ("reviewer", "other", "on-call") and self.model.may_come_back(tokens)
            self.model.bring_back(SignOff.objects.get(pk__gt=before).pk, user)
            REACHED.add("returned")

    @rule()
    def return_as_it_should_be(self) -> None:
        self.make_way()
        self.withdraw()
        for user in ("reviewer", "other"):
            self.return_unchanged(user)

    @rule(user=SIGNERS)
    def reaffirm(self, user: str) -> None:
        edition = self.model.edition
        if edition is None:
            return
        review, before = load_current(self.world.page), self._last_key()
        role = "medical"
        parts = list(dict.fromkeys(item.part for item in lacking(review) if item.role == role))
        shown = {part: review.digests[part] for part in parts}
        if shown and self.attempt(
            lambda: reaffirm.reaffirm(
                page=self.world.page,
                user=self.people[user],
                role=role,
                shown=shown,
                password=PASSWORD,
                given=checklist.confirmed(),
            )
        ):
            REACHED.add("reaffirmed")
            self._tell_signatures(user, before, edition.tokens, "")

    @rule(user=st.sampled_from(["on-call", "on-call", "reviewer", "lead", "editor"]))
    def emergency(self, user: str) -> None:
        review, before, tokens, note = load(self.world.page), self._last_key(), self.tokens(), self.model.note
        if self.attempt(
            lambda: emergency.publish_in_emergency(
                page=self.world.page,
                user=self.people[user],
                shown=review.shown(review.digests),
                password=PASSWORD,
                reason="It cannot wait.",
                given=checklist.confirmed(),
            )
        ):
            self._tell_signatures(user, before, tokens, note, hurried=True)
            REACHED.add(self.status() if self.status() == "emergency" else "hurried")

    @rule()
    def emergency_as_it_should_be(self) -> None:
        self.make_way()
        self.edit_medical("author")
        self.emergency("on-call")

    @rule()
    def hurry_what_an_editor_signed(self) -> None:
        self.make_way()
        self.edit_medical("author")
        self.submit()
        for user in ("editor", "second"):
            self.sign_what_is_there(user, "editor", "whole")
        self.emergency("on-call")

    @rule(data=st.data())
    def void(self, data) -> None:
        keys = [row.key for row in self.model.signatures if not row.is_void]
        if keys:
            self.void_one(data.draw(st.sampled_from(keys[-4:])))

    def void_one(self, key: int) -> None:
        row = SignOff.objects.get(pk=key)
        if self.attempt(lambda: void(signoff=row, reason="Invalid.", by=self.people["lead"])):
            self.model.void(key)
            REACHED.add("voided")

    @rule(user=st.sampled_from(["editor", "reviewer", "on-call"]))
    def void_since_yesterday(self, user: str) -> None:
        """All that somebody has signed, their components and notices included."""
        since = timezone.now() - timedelta(days=1)
        self.void_all([row.pk for row in signed_since(self.people[user].pk, since)], user, since)

    def void_all(self, keys: list[int], user: str, since) -> None:
        given = {"login": self.people[user].pk, "since": since, "shown": keys, "reason": "Invalid."}
        if self.attempt(lambda: void_since(**given, by=self.people["lead"])):
            for key in keys:
                self.model.void(key)
            standing = {row.notice for row in active_notices.standing_now()}
            for notice in set(self.model.notices) - standing:
                self.forget_notice(notice)
            REACHED.add("voided since")

    @rule(user=st.sampled_from(["on-call", "on-call", "reviewer", "lead"]))
    def give_notice(self, user: str) -> None:
        text = f"Notice {self.number()}."

        def act() -> None:
            self.notice = notices.give(
                articles=[self.world.article], texts={"en": text}, user=self.people[user], password=PASSWORD
            )

        if self.attempt(act):
            self.model.notices[self.notice] = text
            self.unconfirmed[self.notice] = (user, timezone.now())
            REACHED.add("noticed")

    @precondition(lambda self: self.unconfirmed)
    @rule(user=SIGNERS)
    def confirm_notice(self, user: str) -> None:
        notice, (giver, _) = list(self.unconfirmed.items())[-1]
        person = self.people[user]
        if self.attempt(lambda: active_notices.confirm(notice=notice, by=person, password=PASSWORD)):
            assert user != giver and user in ("editor", "second", "on-call")
            del self.unconfirmed[notice]
            REACHED.add("confirmed")

    def forget_notice(self, notice) -> None:
        self.model.notices.pop(notice, None)
        self.unconfirmed.pop(notice, None)

    @precondition(lambda self: self.notice)
    @rule()
    def lift_notice(self) -> None:
        if self.attempt(lambda: notices.lift(notice=self.notice, reason="Over.", by=self.people["lead"])):
            self.forget_notice(self.notice)

    # What must change nothing

    @rule(user=st.sampled_from(["editor", "reviewer", "other"]))
    def deactivate_user(self, user: str) -> None:
        self.people[user].is_active = not self.people[user].is_active
        self.people[user].save()

    @rule(user=st.sampled_from(["editor", "reviewer", "other"]))
    def hand_over(self, user: str) -> None:
        """They leave; what was assigned to them is anybody's again."""
        person, heir = self.people[user], self.people["second"]
        person.refresh_from_db()
        work = handing_over.work_of(person)
        given = {"signers": {row.pk: None for row in work.signatures}, "by": self.people["root"]}
        heirs = {"scheduler": heir if work.schedules else None, "owner": heir if work.articles else None}
        if self.attempt(lambda: handing_over.hand_over(user=person, **given, **heirs)):
            person.refresh_from_db()
            assert not person.is_active
            REACHED.add("handed over")

    @rule()
    def purge_revisions(self) -> None:
        page = self.world.page
        page.revisions.exclude(pk=page.latest_revision_id).exclude(task_states__isnull=False).delete()

    @rule()
    def delete_attempt(self) -> None:
        if self.world.stored() and self.world.stored().state != "withdrawn":
            assert not self.attempt(lambda: self.world.page.delete()), "what readers get was deleted"

    # What the model hears of publications, and what must hold

    def follow(self, *, hurried: bool = False) -> None:
        """A new edition is told to the model with the tokens that readers now get."""
        stored = self.world.stored()
        if not stored or stored.state == "withdrawn" or stored.edition <= len(self.model.editions):
            return
        self.model.publish(self.read(stored.body), hurried=hurried)
        REACHED.add("editorial" if self.model.editions[-1].editorial else "published")

    def read(self, body: dict) -> dict[str, object]:
        """The model's tokens of what readers get."""
        content = body["content"]
        titles = [reference["csl"]["title"] for reference in content["references"]]
        return {
            MEDICAL: (content["summary"], titles[0], content["hero"]["sha256"] if content["hero"] else None),
            PRESENTATION: [author["name"] for author in content["authors"]],
        }

    @invariant()
    def readers_get_what_was_signed(self) -> None:
        if not hasattr(self, "world"):
            return
        status, body = self.world.served()
        stored = self.world.stored()
        if status == 200:
            assert stored and stored.state == "published"
            assert body == stored.body
            assert self.model.violations(self.read(body), body["review"]["status"]) == []
            safety = {row["text"] for row in body["notices"] if row["kind"] == "safety"}
            assert safety == set(self.model.notices.values())
        elif status == 410:
            assert body["temporary"] is (self.model.edition is not None)
        else:
            assert status == 404 and not self.model.editions

    @invariant()
    def an_emergency_asks_for_something(self) -> None:
        """Else nobody could end it."""
        if hasattr(self, "world") and self.status() == "emergency":
            assert signatures.missing(load_current(self.world.page))

    def status(self) -> str:
        """Of the review that readers are told of; "" where they get nothing."""
        stored = self.world.stored()
        return stored.body["review"]["status"] if stored and stored.state == "published" else ""

    @invariant()
    def the_ledger_and_the_publications_agree(self) -> None:
        if hasattr(self, "world"):
            assert self.world.findings() == []


def _picture(picture, name: str):
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    buffer.seek(0)
    return ImageFile(buffer, name=name)


def run(*, examples: int, steps: int) -> None:
    REACHED.clear()
    given = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not PROVE,
        database=None,
    )
    run_state_machine_as_test(Publishing, settings=given)


@pytest.mark.django_db
def test_whatever_people_try_readers_get_only_what_the_model_allows():
    short = connection.vendor == "postgresql"
    run(examples=10 if short else 50, steps=20)
    assert {"signed", "published"} <= REACHED


@pytest.mark.django_db
def test_every_act_of_the_machine_does_something():
    """So that no rule of it is refused for ever: a life in which each one succeeds, checked after each."""
    REACHED.clear()
    machine = Publishing()
    try:
        machine.begin("withhold")
        acts = [
            machine.review_as_it_should_be,
            machine.sign_a_session_as_it_should_be,
            lambda: machine.give_notice("on-call"),
            lambda: machine.clock(1),
            lambda: machine.give_notice("on-call"),
            lambda: machine.confirm_notice("editor"),
            lambda: machine.clock(1),
            machine.lift_notice,
            machine.reaffirm_as_it_should_be,
            machine.return_as_it_should_be,
            lambda: machine.hand_over("reviewer"),
            lambda: machine.edit_wording("second"),
            machine.review_as_it_should_be,
            machine.emergency_as_it_should_be,
            machine.review_as_it_should_be,
            machine.hurry_what_an_editor_signed,
            lambda: machine.void_one(machine.model.signatures[-1].key),
            lambda: machine.void_since_yesterday("on-call"),
            machine.withdraw,
        ]
        for act in acts:
            act()
            machine.readers_get_what_was_signed()
            machine.an_emergency_asks_for_something()
            machine.the_ledger_and_the_publications_agree()
    finally:
        machine.teardown()
    acted = {
        "signed",
        "session",
        "published",
        "noticed",
        "confirmed",
        "unconfirmed",
        "returned",
        "handed over",
        "reaffirmed",
        "editorial",
        "emergency",
        "hurried",
        "voided",
        "voided since",
        "withdrawn",
    }
    assert acted <= REACHED, acted - REACHED


@pytest.mark.prove
@pytest.mark.django_db
@pytest.mark.skipif(not PROVE, reason="make prove")
def test_in_many_more_and_longer_runs():
    """Hours on PostgreSQL, where the runs are fewer."""
    short = connection.vendor == "postgresql"
    run(examples=60 if short else 500, steps=25 if short else 40)
