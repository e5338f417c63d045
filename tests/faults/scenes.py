"""States to crash in, and the one act that follows: each act may be done again and then finds what is left to do."""

from types import SimpleNamespace

from articles.authoring.models import ArticlePage
from articles.publishing import recompose
from articles.publishing.jobs.due import publish_due
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.scheduling.waiting import waiting_of
from articles.publishing.session import signing as signing_sessions
from articles.publishing.withdraw import withdraw
from articles.record.models import ComponentPublication, Edition, Publication, SignOff
from articles.record.vocabulary import Role, Scope
from articles.review.opening import load
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_image,
    make_user,
    publish_signed_component,
    sign_and_publish,
    sign_as,
    sign_only,
)
from tests.schedules import ZONE, make_due, soon


def make_people():
    return SimpleNamespace(
        author=make_user("author", "Authors"), editor=make_user("editor", "Editors"), reviewer=make_clinician()
    )


class Scene:
    """`arrange` once; then `act` in children; `is_done` says whether it took effect."""

    def arrange(self) -> None:
        self.people = make_people()
        self.disclaimer = make_disclaimer(by=self.people.author)
        sign_as(self.disclaimer, self.people.reviewer, Role.MEDICAL)
        self.page = make_article(by=self.people.author, disclaimers=[self.disclaimer], hero=make_image())

    def act(self) -> None:
        raise NotImplementedError

    def is_done(self) -> bool:
        raise NotImplementedError

    def again(self) -> ArticlePage:
        return ArticlePage.objects.get(pk=self.page.pk)


class Sign(Scene):
    """An editor signs both parts; the clinician's signature is still missing."""

    def arrange(self) -> None:
        super().arrange()
        submit(page=self.again(), by=self.people.author)

    def act(self) -> None:
        if signatures.parts_to_sign(load(self.again()), Role.EDITOR):
            sign_as(self.page, self.people.editor, Role.EDITOR)

    def is_done(self) -> bool:
        return SignOff.objects.filter(subject=self.page.article_id).count() == 2


class Publish(Scene):
    """The clinician's signature is the last: it publishes, and an article that links here is recomposed."""

    def arrange(self) -> None:
        super().arrange()
        body = list(self.page.body.raw_data)
        body[0]["value"]["text"] = f'<p>See <a linktype="page" id="{self.page.pk}">the other</a>.</p>'
        self.linking = make_article(by=self.people.author, body=body)
        sign_and_publish(self.linking, by=self.people.author, editor=self.people.editor, reviewer=self.people.reviewer)
        submit(page=self.again(), by=self.people.author)
        sign_as(self.page, self.people.editor, Role.EDITOR)

    def act(self) -> None:
        if signatures.parts_to_sign(load(self.again()), Role.MEDICAL):
            sign_as(self.page, self.people.reviewer, Role.MEDICAL, "medical")
        recompose.recompose_all()

    def is_done(self) -> bool:
        return Publication.objects.filter(article=self.page.article_id, edition=1).exists()


class Withdraw(Scene):
    def arrange(self) -> None:
        super().arrange()
        sign_and_publish(self.page, by=self.people.author, editor=self.people.editor, reviewer=self.people.reviewer)

    def act(self) -> None:
        if Publication.objects.filter(article=self.page.article_id, state="published").exists():
            withdraw(page=self.again(), reason="safety", by=self.people.editor)

    def is_done(self) -> bool:
        return Publication.objects.get(article=self.page.article_id).state == "withdrawn"


class Recompose(Scene):
    """A disclaimer has a new edition; the article that shows it still has the old one."""

    def arrange(self) -> None:
        super().arrange()
        sign_and_publish(self.page, by=self.people.author, editor=self.people.editor, reviewer=self.people.reviewer)
        self.disclaimer.text = "<p>A new text of the disclaimer.</p>"
        self.disclaimer.save()
        self.disclaimer.save_revision(user=self.people.author)
        sign_only(self.disclaimer, self.people.reviewer, Role.MEDICAL)

    def act(self) -> None:
        publish_signed_component(self.disclaimer, self.people.reviewer)
        recompose.recompose_all()

    def is_done(self) -> bool:
        component = ComponentPublication.objects.get(component=self.disclaimer.component_id)
        return component.edition == 2 and Edition.objects.filter(subject=component.component).count() == 2


class Schedule(Scene):
    """Everything is signed but the last; an editor schedules the publication."""

    def act(self) -> None:
        if not waiting_of(self.page.article_id):
            schedule_publication(page=self.again(), at=soon(), zone=ZONE, by=self.people.editor)

    def is_done(self) -> bool:
        return len(waiting_of(self.page.article_id)) == 1


class PublishDue(Publish):
    """Its hour has come: `publish_due` publishes what was signed and waits."""

    def arrange(self) -> None:
        super().arrange()
        row = schedule_publication(page=self.again(), at=soon(), zone=ZONE, by=self.people.editor)
        sign_as(self.page, self.people.reviewer, Role.MEDICAL, "medical")
        make_due(row)

    def act(self) -> None:
        publish_due()


class SignSeveral(Scene):
    """The changes of two published articles, signed with one statement: both or neither."""

    def arrange(self) -> None:
        super().arrange()
        for page in (self.page, make_article(by=self.people.author)):
            sign_and_publish(page, by=self.people.author, editor=self.people.editor, reviewer=self.people.reviewer)
            changed = edit(page, by=self.people.author, summary="What changed alike in both.")
            submit(page=changed, by=self.people.author)
            sign_as(changed, self.people.editor, Role.EDITOR)

    def act(self) -> None:
        reviewer = self.people.reviewer
        texts, _ = signing_sessions.waiting_for(reviewer, Role.MEDICAL)
        if texts:
            token = signing_sessions.token_of(reviewer, Role.MEDICAL, (text.shown for text in texts))
            ticked = [row.key for text in texts for row in text.told]
            signing_sessions.sign_several(user=reviewer, token=token, ticked=ticked, password=PASSWORD)

    def is_done(self) -> bool:
        return SignOff.objects.filter(role=Role.MEDICAL, scope=Scope.CHANGES).count() == 2


SCENES = {
    "a signing session": SignSeveral,
    "schedule": Schedule,
    "publish_due": PublishDue,
    "sign": Sign,
    "publish": Publish,
    "withdraw": Withdraw,
    "recompose": Recompose,
}
