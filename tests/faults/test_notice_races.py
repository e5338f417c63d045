"""A safety notice and a publication in one moment: whoever comes first, readers end up with what the ledger says."""

import time
from collections.abc import Callable

import pytest
from django.db import transaction
from wagtail.models import Locale

from articles.publishing.notices import give, lift, standing_on
from articles.publishing.publish import publish
from articles.publishing.recompose import recompose_after
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.factories import PASSWORD, make_article, make_on_call, sign_and_publish, sign_as, sign_only, teach
from tests.faults.processes import CONTEXT, together
from tests.faults.scenes import Scene
from tests.faults.state import require_sound
from tests.pipeline.reading import stored, verified

HELD_S = 1  # a transaction that has written and not committed, while the other act runs into it


class Translated(Scene):
    """A published article, and a translation that waits for the clinician's signature, which publishes it."""

    def arrange(self) -> None:
        super().arrange()
        self.on_call, people, self.is_written = make_on_call(), self.people, CONTEXT.Event()
        sign_and_publish(self.again(), by=people.author, editor=people.editor, reviewer=people.reviewer)
        spanish = Locale.objects.get_or_create(language_code="es")[0]
        teach("es", people.editor, people.reviewer)
        self.translation = make_article(by=people.author, translation_key=self.page.translation_key, locale=spanish)
        submit(page=self.translation, by=people.author)
        sign_as(self.translation, people.editor, Role.EDITOR)

    def give(self):
        return give(
            articles=[self.page.article_id], texts={"en": "Stop.", "es": "Stop."}, user=self.on_call, password=PASSWORD
        )

    def publish(self) -> None:
        with transaction.atomic():
            publish(sign_only(self.translation, self.people.reviewer, Role.MEDICAL, "medical"), by=self.people.reviewer)

    def first(self, act: Callable[[], object]) -> None:
        with transaction.atomic():
            act()
            self.is_written.set()
            time.sleep(HELD_S)

    def second(self, act: Callable[[], object]) -> None:
        self.is_written.wait(30)
        self.at_once(act)

    def at_once(self, act: Callable[[], object]) -> None:
        with transaction.atomic():
            act()

    def race(self, order: tuple[str, str], act: Callable[[], object]) -> list[str]:
        """The act on the notice and the publication, in these orders; then what a publication leaves to be done."""
        one, other = (getattr(self, name) for name in order)
        told = together(lambda: one(act), lambda: other(self.publish))
        recompose_after(self.translation.article_id)
        return told

    def shown(self) -> list[list[str]]:
        return [[row["text"] for row in stored(page)["notices"]] for page in (self.page, self.translation)]


@pytest.fixture
def scene(world):
    made = Translated()
    made.arrange()
    return made


ORDERS = [("first", "second"), ("second", "first"), ("at_once", "at_once")]
NAMES = ["the notice first", "the publication first", "both at once"]


@pytest.mark.parametrize("order", ORDERS, ids=NAMES)
def test_a_translation_published_while_a_notice_is_given_shows_it(scene, order):
    assert scene.race(order, scene.give) == ["done", "done"]

    assert scene.shown() == [["Stop."], ["Stop."]]
    require_sound()
    verified()


@pytest.mark.parametrize("order", ORDERS, ids=NAMES)
def test_a_translation_published_while_a_notice_is_lifted_does_not_show_it(scene, order):
    notice = scene.give()

    assert scene.race(order, lambda: lift(notice=notice, reason="Over.", by=scene.on_call)) == ["done", "done"]

    assert scene.shown() == [[], []] and standing_on(notice) == []
    require_sound()
    verified()
