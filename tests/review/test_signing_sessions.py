"""Signing sessions: many texts, each difference read once, one statement. Source: design §6."""

import json
import os
import time
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from articles.errors import ContentChanged, NotAuthenticated
from articles.publishing.jobs.due import publish_due
from articles.publishing.session import following
from articles.publishing.session import signing as signing_sessions
from articles.record.models import Edition, SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.responses import change_requests
from articles.review.signing import marked
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    edit,
    make_article,
    make_clinician,
    make_image,
    make_source,
    note_needs,
    sign_and_publish,
    sign_as,
)
from tests.tasks import run_all

pytestmark = pytest.mark.django_db
TEXT = "<p>Take 5 mg of it once a day. Ask if you are unsure.</p>"


@pytest.fixture
def changed(people):
    """changed(n) makes n published articles, each with a text of its own, in which one sentence changed alike; the
    editor has signed, and the changes wait for a clinician."""

    def make(number: int) -> list:
        return [change(people, more=f"Article {at} is about scalps.") for at in range(number)]

    return make


def change(people, text: str = TEXT, new: str = "0.5 mg", *, more: str = "", is_signed: bool = True, **fields):
    """A published article with this first section, in which `5 mg` became `new`, and with `more` at its end."""
    rows = complete_body(make_source())
    rows[0] = block("introduction", text=text)
    rows[-2] = block("conclusion", heading="In short", text=f"<p>{more or 'Promising, and early.'}</p>")
    made = make_article(by=people.author, body=rows)
    sign_and_publish(made, by=people.author, editor=people.editor, reviewer=people.reviewer)
    rows[0]["value"]["text"] = text.replace("5 mg", new)
    made = edit(made, by=people.author, body=rows, change_note="The dose was wrong.", **fields)
    submit(page=made, by=people.author)
    if is_signed:
        sign_as(made, people.editor, Role.EDITOR)
    return made


def change_offer(offer, *, by) -> None:
    offer.text = "Talk it through with another clinician."
    offer.save()
    offer.save_revision(user=by)
    note_needs(offer)


def session(user, role=Role.MEDICAL):
    """(token, {key: texts}) of the page."""
    texts, _ = signing_sessions.waiting_for(user, role)
    found: dict[str, set] = {}
    for text in texts:
        for each in text.told:
            found.setdefault(each.key, set()).add(text.review.id)
    return signing_sessions.token_of(user, role, (text.shown for text in texts)), found


def sign(user, token, ticked, password=PASSWORD):
    return signing_sessions.sign_several(user=user, token=token, ticked=ticked, password=password)


def edition_of(made) -> int:
    return Edition.objects.filter(subject=made.article_id).latest("number").number


def test_one_confirmation_signs_what_changed_alike(people, changed):
    pages = changed(4)
    token, found = session(people.reviewer)

    signed = sign(people.reviewer, token, found)
    run_all()

    assert sorted(len(texts) for texts in found.values()) == [4, 4]  # the sentence, and what readers are told
    assert [edition_of(made) for made in pages] == [2] * 4
    assert {row.statement for row in signed.signoffs} == {signed.signoffs[0].statement}
    said = json.loads(signed.signoffs[0].statement)
    assert {item["subject"] for item in said["items"]} == {str(made.article_id) for made in pages}
    assert all(item["from"].startswith("sha-256:") for item in said["items"])
    assert said["scope"] == "changes"


def test_a_text_is_signed_with_all_of_its_differences_only(people, changed):
    pages = changed(2)
    own = change(people, more="Another one.", summary="Another summary.")
    token, found = session(people.reviewer)
    alone = {key for key, texts in found.items() if texts == {own.article_id}}

    signed = sign(people.reviewer, token, set(found) - alone)
    run_all()

    assert len(alone) == 1
    assert signed.left_out == [(own.title, "Not all of its differences are ticked.")]
    assert [edition_of(made) for made in [*pages, own]] == [2, 2, 1]


def test_nothing_is_signed_without_ticks_or_with_a_wrong_password(people, changed):
    changed(2)
    token, found = session(people.reviewer)
    before = SignOff.objects.count()

    with pytest.raises(signing_sessions.NothingTicked):
        sign(people.reviewer, token, [])
    with pytest.raises(signing_sessions.NothingTicked):
        sign(people.reviewer, token, ["0" * 32])
    with pytest.raises(NotAuthenticated):
        sign(people.reviewer, token, found, password="guess")

    assert SignOff.objects.count() == before


def test_a_text_that_changed_meanwhile_is_left_out_and_named(people, changed):
    kept, moved = changed(2)
    token, found = session(people.reviewer)
    edit(moved, by=people.author, summary="Changed while it was read.")

    signed = sign(people.reviewer, token, found)
    run_all()

    assert [title for title, _ in signed.left_out] == [moved.title]
    assert "changed while you were reading" in signed.left_out[0][1]
    assert (edition_of(kept), edition_of(moved)) == (2, 1)


def test_a_text_of_which_another_edition_was_published_meanwhile_is_left_out(people, changed):
    """The same text, compared with another one than the page showed."""
    (made,) = changed(1)
    token, found = session(people.reviewer)
    role, texts = signing_sessions.read_token(token, people.reviewer)
    forged = [list(vars(text).values()) for text in texts]
    forged[0][3] = {"medical": f"sha-256:{'0' * 64}"}
    token = signing.dumps([people.reviewer.pk, role, forged], salt=signing_sessions.SALT, compress=True)

    signed = sign(people.reviewer, token, found)

    assert signed.signoffs == []
    assert "published meanwhile" in signed.left_out[0][1]
    assert edition_of(made) == 1


@pytest.mark.parametrize("attack", ["altered", "of another person", "too old", "none"])
def test_a_page_that_was_not_shown_signs_nothing(people, changed, attack, monkeypatch):
    """An item added, removed or swapped, and a forged `from`, need a token that only the server can make."""
    changed(2)
    token, found = session(people.reviewer)
    if attack == "altered":
        token = f"{'B' if token[0] == 'A' else 'A'}{token[1:]}"
    elif attack == "of another person":
        token, _ = session(make_clinician("second", name="Dr Second"))
    elif attack == "too old":
        monkeypatch.setattr(signing_sessions, "GOOD_FOR", timedelta(seconds=-1))
    else:
        token = ""
    before = SignOff.objects.count()

    with pytest.raises(ContentChanged):
        sign(people.reviewer, token, found)

    assert SignOff.objects.count() == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>Never take approx. 5 mg.</p>", "<p>Take approx. 5 mg.</p>"),
        ("<p>Safe:</p><ul><li>5 mg</li></ul>", "<p>Not safe:</p><ul><li>5 mg</li></ul>"),
        ("<p>For adults.</p><p>Take 5 mg.</p>", "<p>For children.</p><p>Take 5 mg.</p>"),
    ],
)
def test_what_changed_alike_in_another_context_has_a_tick_of_its_own(people, one, other):
    """What a word means may stand in its sentence, its paragraph or another line: the whole section must be equal."""
    for text in (one, other):
        change(people, text, "50 mg")

    _, found = session(people.reviewer)

    assert sorted(len(texts) for texts in found.values()) == [1, 1, 2]  # the note is the same


def test_a_text_whose_changes_words_do_not_say_is_read_whole(people):
    """A picture, a citation and the target of a link."""
    source, picture = make_source(), make_image()
    cited = f'50 mg<a linktype="citation" sources="{source.pk}" support="direct" locator="">[1]</a>'
    change(people, "<p>Take 5 mg.</p>", cited)
    change(people, "<p>Take 5 mg.</p>", "50 mg", hero=picture, hero_alt="A scalp")
    plain = change(people, "<p>Take 5 mg.</p>", "50 mg")

    texts, _ = signing_sessions.waiting_for(people.reviewer, Role.MEDICAL)

    assert [text.review.id for text in texts] == [plain.article_id]


def test_a_part_that_did_not_change_is_not_signed_unseen(people):
    """Where a second editor is asked for the unchanged presentation, too."""
    made = change(people, "<p>Take 5 mg.</p>", "50 mg")
    review = load(made)

    assert marked.told(review, ["medical"]) != []
    assert marked.told(review, ["medical", "presentation"]) == []
    token = signing.dumps(
        [people.reviewer.pk, "medical", [[str(made.article_id), "T", review.shown(["medical"]), {}, []]]],
        salt=signing_sessions.SALT,
        compress=True,
    )
    with pytest.raises(signing_sessions.NothingTicked):
        sign(people.reviewer, token, [])


def test_who_requests_changes_stops_what_was_signed_or_shown(people, offer):
    change_offer(offer, by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    token, found = session(people.reviewer)
    sign(people.reviewer, token, found)
    change_requests.ask(target=offer, by=people.editor, reason="Wait.")

    run_all()
    following.finish_all(timezone.now())

    assert Edition.objects.filter(subject=offer.component_id).count() == 1


def test_a_text_that_was_sent_back_after_the_page_was_shown_is_left_out(people, offer):
    change_offer(offer, by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    token, found = session(people.reviewer)
    change_requests.ask(target=offer, by=people.editor, reason="Wait.")

    signed = sign(people.reviewer, token, found)

    assert signed.signoffs == [] and "not asked for any more" in signed.left_out[0][1]


def test_texts_that_must_be_read_whole_hide_no_others(people, monkeypatch):
    monkeypatch.setattr(signing_sessions, "MOST", 1)
    change(people, "<p>Take 5 mg.</p>", "50 mg", hero=make_image(), hero_alt="A scalp")
    plain = change(people, "<p>Take 5 mg.</p>", "50 mg")

    texts, has_more = signing_sessions.waiting_for(people.reviewer, Role.MEDICAL)

    assert [text.review.id for text in texts] == [plain.article_id] and not has_more


def test_who_may_not_sign_sees_nothing_and_is_left_out(people, changed):
    pages = changed(2)
    token, found = session(people.reviewer)
    people.reviewer.person.medical = False
    people.reviewer.person.save()

    assert session(people.reviewer)[1] == {}
    assert session(people.author)[1] == {}
    signed = sign(people.reviewer, token, found)
    assert signed.signoffs == []
    assert [edition_of(made) for made in pages] == [1, 1]


def test_a_first_edition_must_be_read_whole(people):
    made = make_article(by=people.author)
    submit(page=made, by=people.author)
    sign_as(made, people.editor, Role.EDITOR)

    assert signing_sessions.waiting_for(people.reviewer, Role.MEDICAL) == ([], False)


def test_what_a_killed_worker_left_is_published_without_signing_again(people, changed):
    pages = changed(3)
    token, found = session(people.reviewer)
    sign(people.reviewer, token, found)  # its tasks are lost
    following.finish(pages[0].article_id)
    before = SignOff.objects.count()

    for _ in range(2):
        publish_due(now=timezone.now())

    assert [edition_of(made) for made in pages] == [2, 2, 2]
    assert SignOff.objects.count() == before


@pytest.mark.prove  # of a hundred texts
def test_of_many_texts_most_changed_alike_and_the_worker_was_killed_half_way(people):
    alike, others = (60, 40) if os.environ.get("PROVE") else (3, 2)
    pages = [change(people) for _ in range(alike)]
    pages += [change(people, new=f"{at} g") for at in range(others)]
    token, found = session(people.reviewer)
    begun = time.monotonic()

    sign(people.reviewer, token, found)
    for made in pages[: len(pages) // 2]:
        following.finish(made.article_id)
    publish_due(now=timezone.now())

    assert time.monotonic() - begun < 60
    assert alike in {len(texts) for texts in found.values()}
    assert [edition_of(made) for made in pages] == [2] * len(pages)
    assert SignOff.objects.filter(scope="changes").count() == len(pages)


def test_an_editor_signs_several_and_then_a_clinician(people):
    pages = [change(people, is_signed=False) for _ in range(2)]
    token, found = session(people.editor, Role.EDITOR)
    sign(people.editor, token, found)
    run_all()
    assert [edition_of(made) for made in pages] == [1, 1]

    token, found = session(people.reviewer)
    sign(people.reviewer, token, found)
    run_all()

    assert [edition_of(made) for made in pages] == [2, 2]


def test_offers_are_part_of_a_session(people, offer):
    """Published by the fixture, then changed: both of its roles sign its change in sessions of their own."""
    change_offer(offer, by=people.author)
    for user, role in ((people.editor, Role.EDITOR), (people.reviewer, Role.MEDICAL)):
        token, found = session(user, role)
        assert found
        sign(user, token, found)
        run_all()

    assert Edition.objects.filter(subject=offer.component_id).count() == 2
