"""Comments on words of the sign-off page: where they stand, who may, and that they stay open from round to round."""

import json

import pytest
from wagtail.models import Comment

from articles.authoring.models import ArticlePage
from articles.record.vocabulary import Role
from articles.review.models import CommentedWords
from articles.review.opening import load
from articles.review.responses import change_requests
from articles.review.responses.comments import CannotComment, comment, open_of, resolve
from articles.review.responses.suggestions import body_of
from articles.review.submit import submit
from articles.review.workflow import sign_off_url
from tests.factories import block, edit, make_article, make_clinician, make_user, sign_as

WORDS, TEXT = "Irritation can occur.", "How often?"


@pytest.fixture
def page(people):
    made = make_article(by=people.author)
    submit(page=made, by=people.author)
    return ArticlePage.objects.get(pk=made.pk)


def section(page, kind: str = "risks") -> str:
    return next(row["id"] for row in body_of(page) if row["type"] == kind)


def say(page, by, words: str = WORDS, *, kind: str = "risks", text: str = TEXT) -> Comment:
    return comment(page=page, by=by, section=section(page, kind) if kind else "", words=words, text=text)


def fresh(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def changed(page, by, kind: str, text: str) -> ArticlePage:
    body = [row | {"value": row["value"] | ({"text": text} if row["type"] == kind else {})} for row in body_of(page)]
    return edit(page, by=by, body=body)


def test_a_comment_keeps_its_words_place_author_and_time_at_the_editors_field(people, page):
    made = say(page, people.reviewer)

    row = CommentedWords.objects.select_related("comment").get()
    assert (row.words, row.section, row.comment) == (WORDS, section(page), made)
    assert (made.text, made.user, made.resolved_at) == (TEXT, people.reviewer, None)
    assert made.contentpath.startswith(f"body.{section(page)}.")
    assert made.has_valid_contentpath(fresh(page).get_latest_revision_as_object())


@pytest.mark.parametrize(
    ("kind", "words", "path"),
    [
        ("", "What helps an inflamed scalp", "summary"),
        ("risks", "Irritation: Common", "heading"),
        ("risks", "Ask  first.", "heading"),
        ("causes", "What causes it?", "heading"),
        ("sources", "", "heading"),
    ],
)
def test_words_are_found_as_readers_get_them_and_stand_at_the_field_that_can_show_them(people, page, kind, words, path):
    assert say(page, people.reviewer, words, kind=kind).contentpath.split(".")[-1] == path
    (shown,) = open_of(load(fresh(page)))
    assert shown.stands


def test_words_of_rich_text_are_marked_in_the_editor(people, page):
    cited = '<a linktype="citation" sources="1">[1]</a>'
    text = f'<p data-block-key="k1">First.</p><p data-block-key="k2">It <b>is</b> 🙂 {cited} rare.</p>'
    page = changed(page, people.author, "risks", text)

    made = say(page, people.reviewer, "rare")

    assert made.contentpath.endswith(".text")
    assert json.loads(made.position) == [
        {"key": "k2", "start": len("It is 🙂 [1] ") + 1, "end": len("It is 🙂 [1] rare") + 1}
    ]


@pytest.mark.parametrize(
    ("kind", "words", "text", "said"),
    [
        ("risks", "No such words", TEXT, "do not stand"),
        ("causes", WORDS, TEXT, "do not stand"),
        ("", WORDS, TEXT, "do not stand"),
        ("", "", TEXT, "Choose the section"),
        ("risks", WORDS, " ", "Write a comment"),
        ("risks", WORDS, "x" * 2001, "Shorten"),
        ("risks", "x" * 1001, TEXT, "Shorten"),
        ("risks", WORDS, "Of\u202eten?", "invisible"),
    ],
)
def test_what_says_nothing_or_stands_nowhere_is_refused(people, page, kind, words, text, said):
    with pytest.raises(CannotComment, match=said):
        say(page, people.reviewer, words, kind=kind, text=text)

    assert not Comment.objects.exists()


def test_who_has_no_role_or_may_not_read_the_draft_comments_nothing(people, page):
    with pytest.raises(CannotComment, match="signing role"):
        say(page, people.author)
    with pytest.raises(CannotComment, match="signing role"):
        say(make_article(by=people.author), people.reviewer)


def test_an_open_comment_is_carried_to_the_next_round_at_its_words_or_says_that_they_are_gone(people, page):
    say(page, people.reviewer)
    say(page, people.reviewer, "Promising, and early.", kind="conclusion")
    page = changed(page, people.author, "risks", "<p>Much was changed. Irritation <b>can</b> occur.</p>")
    page = changed(page, people.author, "conclusion", "<p>Another text.</p>")

    assert [(each.row.words, each.stands) for each in open_of(load(page))] == [
        (WORDS, True),
        ("Promising, and early.", False),
    ]
    without = edit(page, by=people.author, body=[row for row in body_of(page) if row["type"] != "risks"])
    assert [(each.row.words, each.stands, each.name) for each in open_of(load(without))][-1] == (WORDS, False, "")


def test_comments_keep_nobody_from_signing(people, page):
    say(page, people.reviewer)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert load(fresh(page)).is_current
    assert len(open_of(load(fresh(page)))) == 1


def test_its_author_and_editors_resolve_a_comment_and_nobody_else(people, page):
    first, second = say(page, people.reviewer), say(page, people.reviewer)
    given = {"page": page, "is_editor": False}

    with pytest.raises(CannotComment, match="Only whoever wrote"):
        resolve(key=first.pk, by=make_user("other"), **given)
    resolve(key=first.pk, by=people.reviewer, **given)
    resolve(key=second.pk, by=people.editor, page=page, is_editor=True)

    assert open_of(load(fresh(page))) == []
    with pytest.raises(CannotComment, match="resolved already"):
        resolve(key=first.pk, by=people.reviewer, **given)
    with pytest.raises(CannotComment, match="resolved already"):
        resolve(
            key=say(page, people.reviewer).pk, by=people.reviewer, page=make_article(by=people.author), is_editor=True
        )


def test_comments_of_a_request_for_changes_are_shown_to_who_reads_next(people, page):
    sign_as(page, people.editor, Role.EDITOR)

    change_requests.ask(target=fresh(page), by=people.reviewer, reason="See below.", comments={section(page): "Vague."})

    (shown,) = open_of(load(fresh(page)))
    assert (shown.comment.text, shown.row.words, shown.stands) == ("Vague.", "", True)


@pytest.fixture
def waiting(people, page):
    sign_as(page, people.editor, Role.EDITOR)
    return fresh(page)


def test_without_javascript_a_reviewer_chooses_the_section_and_types_the_words(login, people, waiting):
    client, url = login(people.reviewer), f"/admin/sign-off/article/{waiting.pk}/comment/"
    form = {"section": section(waiting), "words": WORDS, "text": TEXT}

    shown = client.get(f"{url}?section={section(waiting)}").content.decode()
    refused = client.post(url, form | {"words": "No such words"})
    answer = client.post(url, form)

    assert f'value="{section(waiting)}" selected' in shown
    assert refused.status_code == 409 and TEXT in refused.content.decode()
    assert answer.url == f"{sign_off_url(waiting)}#comment-{Comment.objects.get().pk}"


def test_the_page_shows_open_comments_before_the_text_at_their_section_and_by_the_signature(login, people, waiting):
    made, gone = say(waiting, people.reviewer), say(waiting, people.reviewer, "Ask first.", text="Whom?")
    body = [row for row in body_of(waiting) if row["type"] != "risks"]
    client = login(people.reviewer)

    html = client.get(sign_off_url(waiting)).content.decode()
    parts = [
        html.index(each)
        for each in ('id="findings"', 'id="comments"', 'class="article', f'id="comment-{made.pk}"', 'id="sign"')
    ]
    assert parts == sorted(parts)
    assert "of others: read" not in html and "Open comments (2)" in html
    html = login(make_clinician("other")).get(sign_off_url(waiting)).content.decode()
    assert "2 open comments</a> of others: read them before you sign" in html

    edit(waiting, by=people.author, body=[*body, block("risks", heading="New", text=f"<p>{WORDS}</p>")])
    html = client.get(sign_off_url(waiting)).content.decode()
    assert html.count("In a section that is gone") == 2 and gone.text in html


def test_the_review_panel_lists_them_and_their_author_resolves_them_on_the_page(login, people, waiting):
    made = say(waiting, people.reviewer)

    panel = login(people.editor).get(f"/admin/articles/{waiting.pk}/panel/").content.decode()
    answer = login(people.reviewer).post(
        f"/admin/sign-off/article/{waiting.pk}/comment/", {"resolve": made.pk}, follow=True
    )

    assert f"#block-{section(waiting)}-section" in panel and TEXT in panel and WORDS in panel
    assert "Comment resolved." in answer.content.decode()
    made.refresh_from_db()
    assert made.resolved_by == people.reviewer


def test_a_stranger_neither_reads_nor_comments(login, people, waiting):
    client, url = login(make_user("stranger")), f"/admin/sign-off/article/{waiting.pk}/comment/"

    assert client.get(url).status_code == 302
    assert client.post(url, {"section": section(waiting), "words": WORDS, "text": TEXT}).status_code == 302
    assert not Comment.objects.exists()
