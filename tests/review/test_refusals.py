"""What signing and publishing themselves refuse, whatever a page showed before; then nothing happened."""

import pytest
from django.db import transaction

from articles.errors import BlockedByFindings, CannotSign, ContentChanged, NotSignedOff
from articles.publishing.publish import publish as write_edition
from articles.publishing.refile import refile
from articles.publishing.sign import sign
from articles.record.models import Edition, Path, SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load, open_review
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_article, sign_as, sign_only
from tests.hands import amend, fresh

COMPLETE = checklist.confirmed()


def signed(page) -> int:
    return SignOff.objects.filter(subject=page.article_id).count()


def sign_shown(page, user, role, shown, **given):
    return sign(target=fresh(page), user=user, role=role, shown=shown, password=PASSWORD, **given)


def test_a_note_to_readers_that_changed_while_somebody_read_the_text(people, published):
    page = amend(published, people.author, summary="Another summary.", change_note="Says it anew.")
    submit(page=page, by=people.author)
    shown = load(fresh(page)).shown(["medical"])
    before = signed(page)
    amend(page, people.author, change_note="Take twice the dose.")

    with pytest.raises(ContentChanged, match="note to readers"):
        sign_shown(page, people.editor, Role.EDITOR, shown)

    assert signed(page) == before


def test_a_text_with_blocking_findings(people, submitted):
    page = edit(submitted, by=people.author, body=[])

    with pytest.raises(BlockedByFindings):
        sign_only(page, people.editor, Role.EDITOR)

    assert signed(page) == 0


def test_the_changes_of_a_text_that_nobody_read_whole(people, submitted):
    with pytest.raises(CannotSign, match="you must read and sign the whole text"):
        sign_as(submitted, people.reviewer, Role.MEDICAL, "medical", scope="changes")

    assert signed(submitted) == 0


@pytest.mark.parametrize("given", [None, {}, COMPLETE | {"checklist": "2020-01"}])
def test_a_medical_review_without_the_checklist(people, submitted, given):
    with pytest.raises(checklist.ChecklistIncomplete):
        shown = load(submitted).shown(["medical"])
        sign_shown(submitted, people.reviewer, Role.MEDICAL, shown, checklist=given)

    assert signed(submitted) == 0


def test_an_emergency_needs_a_clinicians_signature_on_the_medical_part(people):
    page = make_article(by=people.author)
    sign_only(page, people.editor, Role.EDITOR)

    with pytest.raises(NotSignedOff, match="a clinician must sign the medical part"), transaction.atomic():
        write_edition(open_review(page), by=people.editor, emergency="A recall.")

    assert not Edition.objects.filter(subject=page.article_id).exists()


def test_an_address_that_another_article_had(people, published, publish):
    """A shared link would lead to another text, under the first one's name."""
    address = published.slug
    refile(page=fresh(published), slug="moved", topics=[], by=people.editor)
    page = make_article(by=people.author, slug=address)

    with pytest.raises(BlockedByFindings, match=f"“{address}” is or was the address of another article"):
        publish(page)

    assert Path.objects.get(slug=address).article == published.article_id
    assert not Edition.objects.filter(subject=page.article_id).exists()
