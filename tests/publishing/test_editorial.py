"""An editorial change: an editor's signature is enough, and nobody is told that the text was reviewed again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.errors import CannotSign
from articles.publishing.publish import publish_article
from articles.publishing.void import void
from articles.record.models import Document, Edition, SignOff
from articles.record.vocabulary import Role
from articles.review.review import load
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import edit, make_article, make_byline, make_user, sign_as
from tests.pipeline.reading import get, stored, verified
from tests.publishing.conftest import again

WAS = "Some people say “it works”, and we are not sure; ask a dermatologist first."


@pytest.fixture
def page(people, publish):
    return publish(make_article(by=people.author, summary=WAS))


def respell(page, by, was: str, now: str, **more):
    return edit(page, by=by, summary=page.get_latest_revision_as_object().summary.replace(was, now), **more)


def through(page, people, editor=None) -> None:
    submit(page=again(page), by=people.author)
    for part in signatures.parts_to_sign(load(again(page)), Role.EDITOR):
        sign_as(page, editor or people.editor, Role.EDITOR, part)


def test_an_editor_alone_publishes_it_and_the_review_date_stays(page, people, monkeypatch):
    before = stored(page)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=50))
    page = respell(page, people.author, "“it works”", '"it works"', change_note="")
    assert load(page).change["kind"] == "editorial"

    through(page, people)

    after = get(page).json()
    assert after["edition"]["number"] == 2 and after["edition"]["change"]["kind"] == "editorial"
    assert '"it works"' in after["content"]["summary"]
    assert after["review"] == before["review"]
    assert after["edition"]["updated_at"] == before["edition"]["updated_at"]
    verified()


def test_whoever_made_it_does_not_sign_it(page, people):
    page = respell(page, people.editor, "“it works”", '"it works"')
    submit(page=page, by=people.author)

    with pytest.raises(CannotSign, match="four eyes"):
        sign_as(page, people.editor, Role.EDITOR, "medical")


def test_losing_its_not_it_needs_a_clinician(page, people):
    page = respell(page, people.author, "we are not sure", "we are sure")
    submit(page=page, by=people.author)

    assert "medical reviewer on the medical part" in [str(item) for item in signatures.missing(load(page))]
    assert any("negation" in reason.why for reason in load(page).verdicts["medical"].reasons)


def test_one_editorial_change_after_another_rests_on_the_text_that_was_signed(page, people):
    page = respell(page, people.author, "“it works”", '"it works"')
    through(page, people)
    page = respell(page, people.author, " and we", "  and we")
    through(page, people)

    first, _, third = Edition.objects.filter(subject=page.article_id).order_by("number")
    assert "rests_on" not in first.review and third.review["rests_on"] == 1
    assert [row["name"] for row in stored(page)["review"]["reviewed_by"]] == ["Dr Ada Reviewer"]
    verified()


def test_a_material_change_after_it_is_reviewed_whole(page, people, publish):
    page = respell(page, people.author, "“it works”", '"it works"')
    through(page, people)

    publish(edit(page, by=people.author, summary="Another text."))

    assert "rests_on" not in Edition.objects.filter(subject=page.article_id).last().review
    verified()


def test_where_the_clinicians_signature_was_voided_an_editor_is_not_enough(page, people):
    row = SignOff.objects.get(subject=page.article_id, role="medical")
    void(signoff=row, reason="Revoked.", by=make_user("lead", "Medical leads"))

    page = respell(page, people.author, "“it works”", '"it works"')

    assert "medical reviewer on the medical part" in [str(item) for item in signatures.missing(load(page))]


def test_voiding_it_later_makes_the_editorial_edition_due_too(page, people):
    page = respell(page, people.author, "“it works”", '"it works"')
    through(page, people)
    row = SignOff.objects.get(subject=page.article_id, role="medical")

    void(signoff=row, reason="Revoked.", by=make_user("lead", "Medical leads"))

    assert stored(page)["review"]["status"] == "due"
    verified()


def test_the_ledger_finds_an_editorial_edition_that_is_none(page, people):
    """As if somebody had taught the record that a clinician was not needed."""
    from articles.record.ledger import editions

    page = respell(page, people.author, "“it works”", '"it works"')
    through(page, people)
    edition = Edition.objects.get(subject=page.article_id, number=2)
    assert list(editions._check_editorial(edition, "here")) == []
    other = Document.objects.create(
        digest=f"sha-256:{'a' * 64}",
        kind="medical",
        format=1,
        content=bytes(Document.objects.get(digest=edition.digests["medical"]).content).replace(b"not sure", b"sure"),
        stored_at=timezone.now(),
    )
    edition.digests = edition.digests | {"medical": other.digest}

    (finding,) = editions._check_editorial(edition, "here")

    assert finding.code == "edition_unsigned" and "differs materially" in finding.message


def test_a_presentation_that_changes_materially_is_told_as_material(page, people):
    page = respell(page, people.author, "“it works”", '"it works"', authors=make_byline(), change_note="A new title.")
    through(page, people)

    said = "How the article is shown has changed. Its medical text is the same."  # not the author's words
    assert stored(page)["edition"]["change"] == {"kind": "material", "note": said}
    assert stored(page)["review"]["status"] == "current"
    verified()


def test_publishing_it_without_any_signature_is_refused(page, people):
    page = respell(page, people.author, "“it works”", '"it works"')

    with pytest.raises(Exception, match="Still to sign: editor"):
        publish_article(page=again(page), by=people.editor)
