"""What a pack shows of a moment is what the API served then: through notices, voids, emergencies and all."""

import io
import zipfile

import pytest
from django.utils import timezone

from articles.admin.evidence import verify_pack
from articles.admin.evidence.moment import NothingLive, live_at
from articles.admin.evidence.pack import make_pack
from articles.admin.evidence.page import read_at
from articles.admin.evidence.question import Question
from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.publishing.notices import give, lift
from articles.publishing.reaffirm import reaffirm
from articles.publishing.refile import refile
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load_current
from articles.review.signing import checklist
from articles.review.submit import submit
from articles.sources.models import Source
from tests.factories import (
    PASSWORD,
    edit,
    make_article,
    make_clinician,
    make_on_call,
    make_topic,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.pipeline.reading import get
from tests.verifiers.asking import as_base64, files_of, in_javascript

NOT_SHOWN = ("links",)  # translations as of now; the page does not show them


def fresh(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def comparable(article: dict) -> dict:
    """Without addresses of image files, which a pack carries inside."""
    return {key: _bare(value) for key, value in article.items() if key not in NOT_SHOWN}


def _bare(value):
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key != "renditions"}
    return [_bare(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def on_call(db):
    return make_on_call()


@pytest.fixture
def seen(published):
    """seen() keeps what the API serves now, for the comparison at the end: [(moment, article)]."""
    kept: list[tuple] = []

    def look() -> None:
        answer = get(published)
        kept.append((timezone.now(), answer.json() if answer.status_code == 200 else None))

    look.kept = kept
    return look


def again_signed(page, user) -> None:
    review = load_current(page)
    shown = {"medical": review.digests["medical"]}
    given = checklist.confirmed()
    reaffirm(page=fresh(page), user=user, role=Role.MEDICAL, shown=shown, password=PASSWORD, given=given)


def test_each_moment_of_a_long_history_is_shown_as_it_was_served(
    published, people, publish, on_call, lead, seen, django_capture_on_commit_callbacks
):
    seen()
    notice = give(
        articles=[published.article_id], texts={"en": "Batch 7 is recalled."}, user=on_call, password=PASSWORD
    )
    seen()
    offer = Offer.objects.get()
    offer.label = "Talk to somebody"
    offer.save()
    offer.save_revision(user=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    seen()
    void(
        signoff=SignOff.objects.filter(subject=offer.component_id, role="editor").last(),
        reason="Not the person's own.",
        by=lead,
    )
    seen()
    sign_as(offer, make_user("another-editor", "Editors"), Role.EDITOR)
    seen()
    refile(page=fresh(published), slug="another-address", topics=[make_topic()], by=people.editor)
    seen()
    lift(notice=notice, reason="It is over.", by=on_call)
    seen()
    void(signoff=SignOff.objects.get(subject=published.article_id, role="medical"), reason="Revoked.", by=lead)
    seen()
    again_signed(published, make_clinician("second", name="Dr Second"))
    seen()
    for status in ("retracted", "standing"):
        with django_capture_on_commit_callbacks(execute=True):
            source = Source.objects.get()
            source.status = status
            source.save()
        seen()
    publish(edit(published, by=people.author, summary="Quite another text.", change_note="Says another thing."))
    seen()
    withdraw(page=fresh(published), reason="safety", by=people.editor)
    seen()

    served = [article is not None for _, article in seen.kept]
    assert served == [True] * (len(served) - 1) + [False]
    packs: list[dict] = []
    for at, article in seen.kept[:-1]:
        assert comparable(read_at(live_at(published.article_id, at))) == comparable(article)
        pack = make_pack(Question(published.article_id, as_of=at)).content
        assert verify_pack.verify(pack) == []
        packs.append({"pack": as_base64(files_of(pack)), "known": {}})
    assert {tuple(found["refusals"]) for found in in_javascript(packs)} == {()}
    with pytest.raises(NothingLive):
        live_at(published.article_id, seen.kept[-1][0])


def test_a_pack_of_an_emergency_says_so_and_shows_the_one_signature(people, on_call):
    page = make_article(by=people.author)
    publish_at_once(page, on_call)

    files = _files(make_pack(Question(page.article_id)).content)

    assert "published in an emergency" in files["history.txt"]
    assert "A recall was announced." in files["history.txt"]
    assert files["article.html"].count("<strong>Dr On Call") == 2
    assert verify_pack.verify(make_pack(Question(page.article_id)).content) == []


def test_a_pack_of_an_edition_signed_for_its_changes_shows_the_text_that_was_read_whole_too(people, publish):
    page = publish(make_article(by=people.author, search_description="For those who search."))
    changed = edit(page, by=people.author, summary="What is known.", change_note="", is_editorial=True)
    submit(page=fresh(changed), by=people.author)
    sign_as(changed, people.reviewer, Role.MEDICAL, "medical", scope="changes")

    pack = make_pack(Question(page.article_id, edition=2)).content

    assert "documents/edition-1-medical.json" in _files(pack)
    assert "<strong>Dr Ada Reviewer, MD</strong>" in _files(pack)["article.html"]
    assert verify_pack.verify(pack) == []


def test_a_voided_sign_off_is_shown_as_voided(published, lead):
    at = timezone.now()
    void(signoff=SignOff.objects.get(subject=published.article_id, role="medical"), reason="Revoked.", by=lead)

    pack = make_pack(Question(published.article_id, as_of=at)).content

    assert "Revoked." in _files(pack)["article.html"]
    assert "was voided: it no longer counts. Reason: Revoked." in _files(pack)["history.txt"]
    assert verify_pack.verify(pack) == []


def _files(pack: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}
