"""Other words for a passage: what is suggested, what an editor's acceptance does, and who may still sign."""

import json

import pytest

from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.errors import CannotSign
from articles.record.models import Edition, SignOff
from articles.record.vocabulary import Role, SuggestionState
from articles.review.models import Contribution, Suggestion
from articles.review.passages import passages_of
from articles.review.responses.applying import made_with
from articles.review.responses.fields import opened
from articles.review.responses.suggestion_text import NotThere, SpansMarkup
from articles.review.responses.suggestions import (
    CannotDecide,
    CannotSuggest,
    Outdated,
    accept,
    body_of,
    content_of,
    reject,
    stands,
    suggest,
)
from articles.review.submit import submit
from articles.review.workflow import sign_off_url
from tests.factories import block, edit, give_login, make_article, make_clinician, make_user, sign_as
from tests.pipeline.reading import verified

CITED = '<a linktype="citation" sources="7" support="direct" locator="p. 3">[1]</a>'
RICH = f'<p data-block-key="k1">It <b>often</b> helps {CITED}, &amp; rarely harms.</p><ul><li>One</li><li>Two</li></ul>'


@pytest.fixture
def page(people):
    made = make_article(by=people.author)
    submit(page=made, by=people.author)
    return ArticlePage.objects.get(pk=made.pk)


def section(page, kind: str) -> dict:
    return next(block for block in body_of(page) if block["type"] == kind)


def suggestion(page, by, kind="risks", before="Irritation can occur.", after="Irritation is common."):
    return suggest(page=page, by=by, section=section(page, kind)["id"], before=before, after=after)


def replaced(stored: dict, before: str, after: str) -> dict:
    """The block with other words in it."""
    row = Suggestion(section=stored["id"], before=before, after=after)
    return made_with(opened({"body": [stored]}), row)["body"][0]


def test_the_words_of_rich_text_are_its_paragraphs_without_the_numbers_of_citations():
    found = passages_of("prose", block("prose", text=RICH)["value"])

    assert [passage.text for passage in found] == ["It often helps , & rarely harms.", "One", "Two"]


def test_words_are_put_in_and_tags_citations_and_keys_stay():
    made = replaced(block("prose", text=RICH), "It often helps , & rarely harms.", "It often helps , & never < harms.")

    assert made["value"]["text"] == RICH.replace("rarely harms", "never &lt; harms")


def test_words_within_bold_are_replaced_inside_the_bold():
    made = replaced(block("prose", text=RICH), "often", "sometimes")

    assert made["value"]["text"] == RICH.replace("<b>often</b>", "<b>sometimes</b>")


def test_a_change_that_begins_in_bold_and_ends_outside_is_refused():
    with pytest.raises(SpansMarkup, match="different formatting"):
        replaced(block("prose", text=RICH), "often helps", "works")


@pytest.mark.parametrize(("before", "said"), [("", "do not occur"), ("No such words", "do not occur"), ("o", "times")])
def test_a_passage_that_does_not_stand_exactly_once_is_refused(before, said):
    with pytest.raises(NotThere, match=said):
        replaced(block("prose", text=RICH), before, "x")


def test_a_field_that_is_just_these_words_wins_over_a_sentence_that_holds_them(page):
    made = replaced(section(page, "risks"), "Irritation", "Redness")

    assert made["value"]["effects"][0]["value"]["name"] == "Redness"
    assert made["value"]["text"] == "<p>Irritation can occur.</p>"


def test_a_cell_of_a_table_is_a_passage():
    table = {"data": [["Cream", "Rare"]], "table_caption": "How often"}

    made = replaced(block("table", table=table), "Rare", "Common")

    assert made["value"]["table"]["data"] == [["Cream", "Common"]]


def test_suggesting_changes_nothing_and_makes_nobody_a_contributor(people, page):
    before = page.get_latest_revision().content["body"]

    suggestion(page, people.reviewer)

    assert ArticlePage.objects.get(pk=page.pk).get_latest_revision().content["body"] == before
    assert not Contribution.objects.filter(user_key=people.reviewer.pk).exists()


def test_of_a_draft_that_nobody_submitted_its_writers_alone_suggest_words(people):
    draft = make_article(by=people.author)

    with pytest.raises(CannotSuggest, match="submitted"):
        suggestion(draft, people.reviewer)

    assert suggestion(draft, people.editor).pk
    assert Suggestion.objects.count() == 1


def test_an_accepted_suggestion_is_the_editors_change_and_another_clinician_signs_it(people, page):
    other = make_user("other-editor", "Editors")
    made = suggestion(page, people.reviewer)

    accept(suggestion=made, by=other)
    sign_as(page, people.editor, Role.EDITOR)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    sign_as(page, make_clinician("second"), Role.MEDICAL, "medical")
    latest = ArticlePage.objects.get(pk=page.pk)
    assert section(latest, "risks")["value"]["text"] == "<p>Irritation is common.</p>"
    assert latest.latest_revision.user == other
    assert Suggestion.objects.get().state == SuggestionState.ACCEPTED


@pytest.fixture
def mended(people, page):
    """mended(*users) publishes the page, and has a suggestion of each user accepted as an editorial change."""
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    words = [
        ("risks", "Irritation can occur.", "Irritation is common."),
        ("conclusion", "Promising, and early.", "Promising, yet early."),
    ]

    def accepted(*users, **others) -> ArticlePage:
        edit(page, by=people.author, change_note="", is_editorial=True)
        for user, each in zip(users, words, strict=False):
            accept(suggestion=suggestion(page, user, *each), by=people.editor)
            if not ArticlePage.objects.get(pk=page.pk).workflow_in_progress:
                submit(page=ArticlePage.objects.get(pk=page.pk), by=people.author)
        if others:
            edit(page, by=people.author, change_note="", is_editorial=True, **others)
        return ArticlePage.objects.get(pk=page.pk)

    return accepted


def test_who_suggested_all_of_an_editorial_change_signs_it_and_says_whose_words_they_are(people, mended):
    page = mended(people.reviewer, people.reviewer)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")

    row = SignOff.objects.latest("pk")
    assert "The changes are my own suggestions, which editor accepted." in row.meaning
    assert json.loads(row.statement)["meaning"] == row.meaning
    assert Edition.objects.filter(subject=page.article_id).count() == 2  # the acceptance is the editor's signature
    verified()


def test_what_another_clinician_signs_says_nothing_of_their_own_words(people, mended):
    page = mended(people.reviewer)

    sign_as(page, make_clinician("second"), Role.MEDICAL, "medical", scope="changes")

    assert "my own suggestions" not in SignOff.objects.latest("pk").meaning


def test_words_of_two_people_are_signed_by_a_third(people, mended):
    second = make_clinician("second")
    page = mended(people.reviewer, second)

    for user in (people.reviewer, second):
        with pytest.raises(CannotSign, match="four-eyes rule"):
            sign_as(page, user, Role.MEDICAL, "medical", scope="changes")
    sign_as(page, make_clinician("third"), Role.MEDICAL, "medical", scope="changes")


def test_beside_another_change_the_suggester_does_not_sign(people, mended):
    page = mended(people.reviewer, summary="What helps, in other words.")

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")


def test_a_later_change_of_the_words_ends_the_suggesters_right(people, mended):
    page = mended(people.reviewer)
    body = body_of(page)
    body[0]["value"]["text"] = "<p>Something else.</p>"
    page = edit(page, by=people.author, body=body, change_note="", is_editorial=True)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")


def test_a_material_change_is_not_signed_by_who_suggested_it(people, mended):
    page = mended(people.reviewer)
    page = edit(page, by=people.author, change_note="It is more common.", is_editorial=False)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")


def test_another_login_of_the_suggester_is_the_suggester(people, mended):
    page = mended(people.reviewer, summary="What helps, in other words.")
    person, other = people.reviewer.person, make_user("other-login")
    give_login(person, None)
    give_login(Person.objects.get(pk=person.pk), other)
    other = type(other).objects.get(pk=other.pk)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, other, Role.MEDICAL, "medical", scope="changes")


def test_both_pages_say_whose_words_they_are(client, people, mended):
    page = mended(people.reviewer)

    client.force_login(people.reviewer)
    shown = client.get(sign_off_url(page)).content.decode()
    assert "The changes are my own suggestions, which editor accepted." in shown
    client.force_login(people.editor)
    panel = client.get(f"/admin/articles/{page.pk}/panel/").content.decode()
    for said in (shown, panel):
        assert "Accepted suggestions" in said and "Dr Ada Reviewer" in said and "accepted by editor" in said


def test_the_editor_who_accepted_may_not_sign_the_part(people, page):
    accept(suggestion=suggestion(page, people.reviewer), by=people.editor)

    with pytest.raises(Exception, match="four-eyes rule"):
        sign_as(page, people.editor, Role.EDITOR)


def test_nobody_takes_up_their_own_words(people, page):
    made = suggestion(page, people.editor)

    with pytest.raises(CannotDecide, match="your own suggestion"):
        accept(suggestion=made, by=people.editor)


@pytest.mark.parametrize("decide", [accept, reject])
def test_who_may_not_edit_decides_nothing(people, page, decide):
    made = suggestion(page, people.editor)

    with pytest.raises(CannotDecide, match="may edit"):
        decide(suggestion=made, by=people.reviewer)


def test_a_decided_suggestion_stays_decided(people, page):
    made = suggestion(page, people.reviewer)
    reject(suggestion=made, by=people.editor)

    with pytest.raises(CannotDecide, match="already: rejected"):
        accept(suggestion=made, by=people.editor)


def test_a_suggestion_whose_passage_is_gone_is_outdated_and_changes_nothing(people, page):
    made = suggestion(page, people.reviewer)
    body = [
        item | ({"value": item["value"] | {"text": "<p>New.</p>"}} if item["type"] == "risks" else {})
        for item in body_of(page)
    ]
    page = edit(page, by=people.author, body=body)

    with pytest.raises(Outdated):
        accept(suggestion=made, by=people.editor)

    assert Suggestion.objects.get().state == SuggestionState.OUTDATED
    assert not stands(made, content_of(page))
    assert section(ArticlePage.objects.get(pk=page.pk), "risks")["value"]["text"] == "<p>New.</p>"


def test_what_is_kept_is_what_changes_with_some_words_around_it(people, page):
    long = "One two three four five six seven eight nine ten eleven twelve."
    body = [*body_of(page), block("prose", heading="Dose", text=f"<p>{long}</p>")]
    page = edit(page, by=people.author, body=body)

    made = suggestion(page, people.reviewer, "prose", long, long.replace("six", "seven"))

    assert (made.before, made.after) == (
        "three four five six seven eight nine",
        "three four five seven seven eight nine",
    )


@pytest.mark.parametrize(
    ("before", "after", "said"), [("Irritation can occur.", "Irritation can occur.", "at least one")]
)
def test_a_suggestion_that_changes_nothing_is_refused(people, page, before, after, said):
    with pytest.raises(CannotSuggest, match=said):
        suggestion(page, people.reviewer, before=before, after=after)


def test_who_has_no_role_suggests_nothing(people, page):
    with pytest.raises(CannotSuggest, match="role"):
        suggestion(page, people.author)


def test_a_suggestion_keeps_the_ids_of_every_other_block(people, page):
    before = {item["id"]: json.dumps(item, sort_keys=True) for item in body_of(page) if item["type"] != "risks"}

    accept(suggestion=suggestion(page, people.reviewer), by=people.editor)

    after = body_of(ArticlePage.objects.get(pk=page.pk))
    assert {item["id"]: json.dumps(item, sort_keys=True) for item in after if item["type"] != "risks"} == before


def test_invisible_characters_are_refused_unless_they_stood_there(page, people):
    with pytest.raises(CannotSuggest, match="RIGHT-TO-LEFT OVERRIDE"):
        suggestion(page, people.reviewer, after="Irritation is \u202ecommon.")

    page = edit(page, by=people.author, body=[block("introduction", text="<p>It \u200eoften helps.</p>")])
    row = suggestion(
        page, people.reviewer, "introduction", before="It \u200eoften helps.", after="It \u200eseldom helps."
    )

    assert row.state == SuggestionState.OPEN
