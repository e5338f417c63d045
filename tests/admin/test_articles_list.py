"""The list of articles: who sees what of it, by which title, where a title leads, and how it is searched and sorted."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import wagtail.admin
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from articles.authoring.models import ArticlePage
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.admin.conftest import rows
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_clinician,
    make_on_call,
    make_source,
    make_topic,
    make_user,
    note_needs,
    sign_as,
)

ADDRESS = "/admin/articles/"
READING = "/read/en/"
ROLES = ("author", "editor", "reviewer", "lead", "root")


@pytest.fixture
def crowd(people, lead, root) -> SimpleNamespace:
    """Somebody of each role of the admin; `author` and `other` are both authors."""
    known = {"author": people.author, "editor": people.editor, "reviewer": people.reviewer}
    return SimpleNamespace(**known, lead=lead, root=root, other=make_user("other", "Authors"))


@pytest.fixture
def editor(login, people):
    return login(people.editor)


@pytest.fixture
def private(published, people):
    """What readers get has a title of its own; the draft's was never submitted."""
    return edit(published, by=people.author, title="Zwirbelmark in secret")


@pytest.fixture
def waiting(people):
    """A new article that waits for the clinician; the editor has signed."""
    page = make_article(by=people.author, title="Waits for a clinician")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    note_needs(page)
    return page


def titles(client, **asked) -> list[str]:
    return [row["Title"] for row in rows(client, "articles_list", **asked)]


def link(client, title: str) -> str:
    """Where the title leads; empty where it is no link."""
    html = client.get(ADDRESS).content.decode()
    assert title in html
    found = re.search(rf'<a href="([^"]*)">{re.escape(title)}</a>', html)
    return found[1] if found else ""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["articles_list", "articles_list_results"])
def test_everyone_in_the_admin_has_the_list(login, crowd, published, role, page):
    answer = login(getattr(crowd, role)).get(reverse(page))

    assert answer.status_code == 200
    assert published.title in answer.content.decode()


def test_who_is_not_logged_in_has_no_list(client, published):
    assert client.get(ADDRESS).status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_and_both_searches_lead_everyone_to_the_list(login, crowd, published, role):
    client = login(getattr(crowd, role))

    html = client.get("/admin/").content.decode()

    sidebar = re.search(r'wagtail.sidebar.SearchModule", "_args": \["([^"]*)"', html)
    assert sidebar and sidebar[1] == ADDRESS
    assert '"name": "articles"' in html
    assert re.search(rf'<form[^>]*action="{ADDRESS}"[^>]*role="search"', html)
    assert client.get(ADDRESS, {"q": published.title}).context["items_count"] == 1


def test_the_start_page_is_wagtails_but_for_its_search():
    """Wagtail's template has no block for the form, so ours is a copy; a new Wagtail may change what is around it."""
    theirs = Path(wagtail.admin.__file__).parent / "templates/wagtailadmin/home.html"
    ours = Path(settings.TEMPLATES[0]["DIRS"][0]) / "wagtailadmin/home.html"

    def around_the_form(path: Path) -> list[str]:
        text = re.sub(r"<form.*?</form>|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
        return text.split()

    assert around_the_form(ours) == around_the_form(theirs)


@pytest.mark.parametrize("role", ["author", "editor", "root"])
def test_people_who_edit_an_article_see_the_title_of_its_draft_and_find_it_by_both(login, crowd, private, role):
    client = login(getattr(crowd, role))

    asked = ({}, {"q": "zwirbelmark secret"}, {"q": private.title})
    assert [titles(client, **each) for each in asked] == [["Zwirbelmark in secret"]] * 3


@pytest.mark.parametrize("role", ["other", "reviewer", "lead"])
def test_others_see_and_find_the_published_title_alone(login, crowd, private, role):
    client = login(getattr(crowd, role))

    assert titles(client) == titles(client, q=private.title) == [private.title]
    assert titles(client, q="Zwirbelmark") == []
    assert "Zwirbelmark" not in client.get(ADDRESS, {"ordering": "title"}).content.decode()


@pytest.mark.parametrize("role", ["other", "reviewer", "lead"])
def test_a_withdrawn_article_keeps_its_published_title_for_others(login, crowd, private, people, role):
    withdraw(page=private, reason="safety", by=people.editor)
    ArticlePage.objects.filter(pk=private.pk).update(title="Zwirbelmark in secret")  # as the editor saves a draft

    client = login(getattr(crowd, role))

    assert titles(client) == [Publication.objects.get().title]
    assert titles(client, q="Zwirbelmark") == []


@pytest.mark.parametrize(
    ("role", "is_seen"), [("editor", True), *((name, False) for name in ("other", "reviewer", "lead"))]
)
def test_a_draft_that_was_never_submitted_is_listed_for_its_editors_alone(login, crowd, published, role, is_seen):
    draft = make_article(by=crowd.author, title="Zwirbelmark in secret", topics=[make_topic()])
    client = login(getattr(crowd, role))

    for asked in ({}, {"q": "Zwirbelmark"}, {"status": "never-published"}, {"topic": draft.topics.get().topic_id}):
        assert (draft.title in titles(client, **asked)) == is_seen, asked


def test_owners_are_offered_who_own_something_that_is_seen(login, crowd, published):
    make_article(by=crowd.other)

    told = {
        role: "other" in str(login(getattr(crowd, role)).get(ADDRESS).context["filters"].form["owner"])
        for role in ("editor", "reviewer")
    }

    assert told == {"editor": True, "reviewer": False}


@pytest.mark.parametrize("role", ["author", "editor", "root"])
def test_the_title_leads_to_the_editor_for_people_who_may_edit(login, crowd, waiting, role):
    assert link(login(getattr(crowd, role)), waiting.title) == reverse("wagtailadmin_pages:edit", args=[waiting.pk])


def test_the_title_leads_a_clinician_to_sign_what_waits_for_them(login, crowd, waiting):
    assert link(login(crowd.reviewer), waiting.title) == reverse("articles_sign_off", args=["article", waiting.pk])


def test_while_a_change_is_in_review_its_title_leads_a_clinician_to_the_draft(login, crowd, published):
    page = edit(published, by=crowd.author, summary="Another summary.", change_note="Says it shorter.")
    submit(page=page, by=crowd.author)  # the editor has the turn

    assert link(login(crowd.reviewer), page.title) == reverse("articles_sign_off", args=["article", page.pk])


def test_the_title_leads_a_clinician_to_review_a_due_text_again(login, crowd, published):
    Publication.objects.update(next_review_on=timezone.now().date())
    note_needs(published)

    assert link(login(crowd.reviewer), published.title) == reverse("articles_reaffirm", args=[published.pk])


def test_the_title_leads_a_clinician_to_the_page_of_the_published_text(login, crowd, published):
    client = login(crowd.reviewer)

    at = link(client, published.title)

    assert at == reverse("articles_reaffirm", args=[published.pk])
    assert published.title in client.get(at).content.decode()


def test_the_title_leads_others_to_what_readers_get(login, crowd, published):
    client = login(crowd.other)

    at = link(client, published.title)

    assert at.endswith(f"{READING}{published.slug}/")
    assert published.title in client.get(f"{READING}{published.slug}/").content.decode()


@pytest.mark.parametrize("role", ["lead", "reviewer"])
def test_a_draft_under_review_is_led_to_for_those_who_may_read_it(login, crowd, submitted, role):
    client = login(getattr(crowd, role))
    page = reverse("articles_sign_off", args=["article", submitted.pk])

    assert link(client, submitted.title) == page
    assert client.get(page).status_code == 200


def test_a_draft_under_review_is_not_listed_for_another_author(login, crowd, submitted):
    client = login(crowd.other)

    assert submitted.title not in titles(client) + titles(client, q=submitted.title, status="never-published")


@pytest.mark.parametrize(
    ("role", "is_led"), [("reviewer", True), ("lead", True), ("on_call", True), ("second", False), ("other", False)]
)
def test_a_withdrawn_article_leads_to_its_timeline_for_those_who_may_read_it(login, crowd, published, role, is_led):
    withdraw(page=ArticlePage.objects.get(pk=published.pk), reason="safety", by=crowd.editor)
    crowd.on_call, crowd.second = make_on_call(), make_clinician("second", name="Dr Second")
    client = login(getattr(crowd, role))
    timeline = reverse("articles_timeline", args=[published.pk])

    assert link(client, published.title) == (timeline if is_led else "")
    assert (client.get(timeline).status_code == 200) == is_led


def test_every_word_of_a_search_counts_and_other_names_are_found(editor, people, publish):
    page = publish(make_article(by=people.author, title="Alopecia areata", synonyms="Spot baldness"))
    publish(make_article(by=people.author, title="Alopecia of women"))

    found = {text: titles(editor, q=text) for text in ("areata ALOPECIA", "baldness", "women areata", "   ")}

    assert found["areata ALOPECIA"] == found["baldness"] == [page.title]
    assert found["women areata"] == []
    assert len(found["   "]) == len(titles(editor))


@pytest.mark.parametrize("word", ["ZWIRBEL", "gesäß", "Pasricha", "nickname", "hush"])
def test_a_word_is_found_wherever_readers_or_the_editor_have_it(login, crowd, publish, word):
    """In the summary, the text, a cited source or another name of what is published; and of a draft alike."""
    sections = complete_body(make_source(title="On hush", authors="Pasricha, Anna"))
    told = {"summary": "About zwirbel.", "synonyms": "nickname"}
    text = block("prose", aspect="symptoms", heading="Where", text="<p>The Gesäß hurts.</p>")
    page = publish(make_article(by=crowd.author, body=[text, *sections], **told))
    make_article(by=crowd.author)

    assert titles(login(crowd.other), q=word) == titles(login(crowd.editor), q=word) == [page.title]


@pytest.mark.parametrize("word", ["zwirbel", "gesäß", "nickname"])
def test_the_words_of_a_draft_are_found_by_those_who_edit_it_alone(login, crowd, published, word):
    text = block("introduction", text="<p>Sein Gesäß.</p>")
    edit(published, by=crowd.author, summary="About zwirbel.", synonyms="nickname", body=[text])

    found = {role: titles(login(getattr(crowd, role)), q=word) for role in ("editor", "author", "other", "reviewer")}

    assert found == {"editor": [published.title], "author": [published.title], "other": [], "reviewer": []}


def told_of(client, title: str):
    """The row on the page."""
    return next(row for row in client.get(ADDRESS).context["object_list"] if str(row.title) == title)


def test_the_status_says_how_far_a_draft_is_and_for_whom_it_waits(login, crowd, people):
    client, page = login(crowd.editor), make_article(by=crowd.author, title="On its way")
    told = [told_of(client, page.title).status]
    submit(page=page, by=crowd.author)
    told.append(told_of(client, page.title).status)
    sign_as(page, crowd.editor, Role.EDITOR)
    note_needs(page)
    told.append(told_of(client, page.title).status)
    sign_as(page, crowd.reviewer, Role.MEDICAL)
    told.append(told_of(client, page.title).status)
    edit(page, by=crowd.author, title="On its way")  # the same text, saved again
    same = told_of(client, page.title).status
    edit(page, by=crowd.author, summary="Another summary.")
    told.append(told_of(client, page.title).status)

    assert same == "Published"
    assert told[0] == "Draft"
    assert told[1].startswith("In review, waiting for editor")
    assert told[2].startswith("In review, waiting for medical reviewer")
    assert told[3:] == ["Published", "Published. Unpublished changes"]


def test_the_status_says_that_a_review_is_overdue_and_what_was_withdrawn(login, crowd, published):
    client = login(crowd.editor)
    Publication.objects.update(next_review_on=timezone.now().date() - timedelta(days=1))
    overdue = told_of(client, published.title).status
    withdraw(page=ArticlePage.objects.get(pk=published.pk), reason="safety", by=crowd.editor)

    assert overdue.startswith("Published, review overdue")
    assert told_of(client, published.title).status.startswith("Withdrawn (safety)")


def test_what_is_said_of_a_draft_is_for_those_who_may_know_of_it(login, crowd, private):
    """A change that was not submitted is known to its editors; while it is in review, to those who see reports."""
    told = {role: told_of(login(getattr(crowd, role)), private.title) for role in ("lead", "reviewer", "other")}
    submit(page=private, by=crowd.author)
    now = {role: told_of(login(getattr(crowd, role)), private.title) for role in ("lead", "reviewer", "other")}

    assert {(row.status, row.findings) for row in told.values()} == {("Published", "")}
    assert all(now[role].status.startswith("Published. In review, waiting for") for role in ("lead", "reviewer"))
    assert now["lead"].findings == now["reviewer"].findings != ""
    assert (now["other"].status, now["other"].findings) == ("Published", "")


def test_the_list_counts_what_the_checks_find_in_the_latest_draft(login, crowd, published):
    client = login(crowd.editor)
    before = told_of(client, published.title).findings
    edit(published, by=crowd.author, title=published.title, summary="", body=[])

    assert "blocking" not in before
    assert "blocking" in told_of(client, published.title).findings


def test_drafts_are_filtered_by_their_progress(login, crowd, submitted, published):
    draft = make_article(by=crowd.author, title="Only a draft")

    found = {
        role: {value: titles(login(getattr(crowd, role)), status=value) for value in ("draft", "in-review")}
        for role in ("editor", "lead", "other")
    }

    assert found["editor"] == {"draft": [draft.title], "in-review": [submitted.title]}
    assert found["lead"] == {"draft": [], "in-review": [submitted.title]}
    assert found["other"] == {"draft": [], "in-review": []}


def test_a_search_leads_to_the_other_searches_of_those_who_have_them(login, crowd, published):
    pages = f'href="{reverse("wagtailadmin_pages:search")}?q=scalp%20%26%20hair"'

    told = {
        role: pages in login(getattr(crowd, role)).get(ADDRESS, {"q": "scalp & hair"}).content.decode()
        for role in ("editor", "reviewer")
    }

    assert told == {"editor": True, "reviewer": False}


def test_owner_and_language_filter_the_list(editor, crowd, published, spanish):
    french = make_article(by=crowd.other, title="Otra", locale=spanish.locale)

    assert titles(editor, owner=crowd.other.pk) == titles(editor, locale=spanish.locale.pk) == [french.title]
    assert titles(editor, locale=Locale.objects.get(language_code="en").pk) == [published.title]


@pytest.mark.parametrize("by", ["title", "next_review_on", "owner", "article_type", "language"])
def test_people_can_sort_by_the_column(editor, crowd, publish, published, by):
    first = publish(make_article(by=crowd.author, title="aaa", article_type="condition"))
    last = make_article(by=crowd.other, title="ZZZ", article_type="treatment")
    User = type(crowd.author)
    User.objects.filter(pk=crowd.author.pk).update(first_name="Ada")
    Publication.objects.filter(article=first.article_id).update(next_review_on="2030-01-01")
    Publication.objects.filter(article=published.article_id).update(next_review_on="2031-01-01")

    found = titles(editor, ordering=by), titles(editor, ordering=f"-{by}")

    assert found[0] == [first.title, published.title, last.title]
    if by == "next_review_on":  # what has no date stands last, whichever way it is sorted
        assert found[1] == [published.title, first.title, last.title]
    elif by != "language":
        assert found[1][0] == last.title


@pytest.mark.parametrize("role", ["author", "editor", "reviewer", "lead"])
def test_many_articles_cost_as_many_queries_as_few(login, crowd, published, role):
    client = login(getattr(crowd, role))

    def add(count: int) -> None:
        for _ in range(count):
            page = make_article(by=crowd.author, topics=[make_topic()])
            submit(page=page, by=crowd.author)
            sign_as(page, crowd.editor, Role.EDITOR)
            note_needs(page)

    def counted() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(ADDRESS, {"q": "scalp", "ordering": "-owner"}).context["items_count"] > 1
        return len(made)

    add(1)
    counted()  # what is looked up once for a session
    few = counted()
    add(3)

    assert counted() == few <= 37


def test_the_list_is_paginated_and_keeps_what_was_asked(editor, people, monkeypatch):
    monkeypatch.setattr("articles.admin.reports.articles.ArticleList.paginate_by", 2)
    pages = [make_article(by=people.author, title=f"Scalp {number}") for number in range(3)]

    answers = [editor.get(ADDRESS, {"q": "scalp", "p": number}).content.decode() for number in (1, 2, "x", 99)]

    assert pages[0].title in answers[0] and pages[2].title not in answers[0]
    assert pages[2].title in answers[1] and pages[2].title in answers[3]
    assert "q=scalp" in answers[0] and "p=2" in answers[0]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "%_'\"; DROP TABLE"},
        {"q": "\x00"},
        {"q": "word " * 3000},
        {"ordering": "owner__password"},
        {"ordering": "-"},
        {"ordering": ["title", "-title"]},
        {"owner": "0 OR 1=1"},
        {"owner": "9" * 40},
        {"locale": "9" * 40},
        {"locale": "../en"},
        {"topic": "9" * 40},
        {"p": "-1"},
        {"p": "9" * 40},
        {"export": "exe"},
    ],
    ids=str,
)
@pytest.mark.parametrize("results", ["", "results/"])
def test_a_hostile_query_is_no_failure(login, crowd, private, asked, results):
    answer = login(crowd.reviewer).get(f"{ADDRESS}{results}", asked)

    assert answer.status_code == 200
    assert b"Zwirbelmark" not in answer.content


def test_the_status_report_tells_what_readers_get_and_when_whose_review_ends(editor, published):
    row = next(row for row in rows(editor, "articles_list") if row["Title"] == published.title)

    today = timezone.now().date()
    assert row["Published version"].startswith("Edition 1")
    assert (row["Type"], row["Language"], row["Review"]) == ("Condition", "English", "Current")
    assert row["Last review"] == f"{today:%-d %B %Y}"
    assert row["Next review"].endswith(str(today.year + 3))
    assert row["Reviewed by"] == "Dr Ada Reviewer, MD"
    assert row["Policies"] == "Medical part: an editor and a clinician"
    assert (row["Owner"], row["Topics"]) == ("author", "")


@pytest.mark.parametrize(
    ("days", "status"), [(31, "Current"), (30, "Current"), (29, "Due"), (0, "Due"), (-1, "Overdue")]
)
def test_the_status_is_that_of_today_and_not_of_when_it_was_composed(editor, published, days, status):
    Publication.objects.update(next_review_on=timezone.now().date() + timedelta(days=days))

    found = {value: rows(editor, "articles_list", status=value) for value in ("current", "due", "overdue")}

    assert {value: [row["Review"] for row in told] for value, told in found.items() if told} == {
        status.lower(): [status]
    }


def test_a_publication_from_before_the_columns_tells_the_same(editor, published):
    Publication.objects.update(next_review_on=None, grace_ends_at=None, after_grace="")

    row = next(row for row in rows(editor, "articles_list") if row["Title"] == published.title)

    assert row["Review"] == "Current"
    assert row["Next review"] != ""


def test_what_the_clock_withholds_is_told_before_anything_was_recomposed(editor, published):
    Publication.objects.update(grace_ends_at=timezone.now() - timedelta(hours=1), after_grace="withhold")

    assert [row["Review"] for row in rows(editor, "articles_list", status="withheld")] == ["Withheld"]


def test_withdrawn_and_never_published_articles_are_found_as_such(editor, people, published):
    draft = make_article(by=people.author)
    withdraw(page=ArticlePage.objects.get(pk=published.pk), reason="safety", by=people.editor)

    found = {
        status: [row["Title"] for row in rows(editor, "articles_list", status=status)]
        for status in ("withdrawn", "never-published", "current")
    }

    assert found == {"withdrawn": [published.title], "never-published": [draft.title], "current": []}


def test_the_status_report_filters_by_type_topic_and_days(editor, people, publish):
    topic = make_topic()
    here = publish(make_article(by=people.author, topics=[topic], article_type="treatment"))
    publish(make_article(by=people.author))

    for asked in ({"article_type": "treatment"}, {"topic": topic.pk}, {"due_within": 13 * 31}):
        assert [row["Title"] for row in rows(editor, "articles_list", **asked)] == [here.title], asked
    assert rows(editor, "articles_list", due_within=5) == []


@pytest.mark.parametrize("asked", [{"status": "king"}, {"due_within": "1e30"}, {"due_within": "-4"}, {"topic": "x"}])
def test_a_filter_that_nobody_offers_is_no_failure(editor, published, asked):
    assert editor.get(reverse("articles_list"), asked).status_code == 200


def test_drafts_that_were_never_submitted_are_known_to_those_alone_who_may_edit_them(login, people, published):
    draft = make_article(by=people.author, title="Zwirbelmark in secret")

    told = {
        user: [row["Title"] for row in rows(login(user), "articles_list")] for user in (people.editor, people.reviewer)
    }

    assert draft.title in told[people.editor]
    assert told[people.reviewer] == [published.title]


def test_a_draft_that_was_submitted_may_be_known_to_those_who_review(login, people, submitted):
    assert submitted.title in [row["Title"] for row in rows(login(people.reviewer), "articles_list")]
