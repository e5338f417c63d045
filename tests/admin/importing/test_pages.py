"""The pages of the import, as an editor meets them, and as nobody else does."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedArticle, ImportRun
from articles.intake.outline_json import digest
from tests.admin.importing.conftest import SLEEP
from tests.factories import make_user
from tests.intake.runs.conftest import article, export, post, upload
from tests.tasks import run_all

pytestmark = pytest.mark.django_db
PAGES = ["articles_import_run", "articles_import_progress", "articles_import_mapping", "articles_import_undo"]
ARTICLE_PAGES = ["articles_import_article", "articles_import_original"]
ACTS = ["draft_all", "continue", "files", "views"]
ARTICLE_ACTS = ["edit", "title", "draft", "keep"]


def text_of(answer) -> str:
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def file(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def start_at(client, index, **given):
    said = {"parent": index.pk, "language": "en", "format": "auto", "text": ""} | given
    return client.post(reverse("articles_import"), said, follow=True)


def test_dropped_files_become_a_run(login, people, index):
    answer = start_at(login(people.editor), index, file=[file("a.txt", SLEEP), file("b.txt", SLEEP)])

    run = ImportRun.objects.get()
    assert answer.redirect_chain == [(reverse("articles_import_run", args=[run.pk]), 302)]
    assert (run.name, run.by, run.files.count()) == ("a.txt and 1 more", people.editor, 2)
    assert "0 of about 2 articles are read." in text_of(answer)


def test_pasted_text_becomes_a_run(login, people, index):
    start_at(login(people.editor), index, text=SLEEP)
    run_all()

    assert ImportedArticle.objects.get().title == "Sleep and age"


def test_nothing_chosen_is_said_and_no_run_begins(login, people, index):
    answer = start_at(login(people.editor), index)

    assert "Choose at least one file, or paste the text of an article." in text_of(answer)
    assert not ImportRun.objects.exists()


def test_a_folder_that_one_may_not_add_to_is_no_choice(login, people, spanish):
    answer = start_at(login(people.editor), spanish.index, text=SLEEP)

    assert not ImportRun.objects.exists()
    assert "Select a valid choice" in text_of(answer)


def test_the_start_page_and_the_menu_lead_editors_to_the_import(login, people):
    home = login(people.editor).get(reverse("wagtailadmin_home")).content.decode()

    assert "Import a file" in home
    assert reverse("articles_import") in home


@pytest.mark.parametrize("group", ["Medical reviewers", "Medical leads", "On-call clinicians"])
def test_clinicians_and_leads_are_not_led_there_and_may_not_open_it(login, run, group):
    client = login(make_user("somebody", group))

    assert "Import a file" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse("articles_import")).status_code == 302  # Wagtail's refusal
    assert "You cannot open this page" in client.get(reverse("articles_import"), follow=True).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_another_author_finds_no_run_of_others(login, run, name):
    client = login(make_user("another", "Authors"))

    assert client.get(reverse(name, args=[run.pk])).status_code == 404


@pytest.mark.parametrize("name", ARTICLE_PAGES)
def test_another_author_finds_no_article_of_others(login, run, name):
    client = login(make_user("another", "Authors"))

    assert client.get(reverse(name, args=[run.articles.first().pk])).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_another_author_cannot_act_on_a_run_of_others(login, run, name):
    answer = login(make_user("another", "Authors")).post(reverse(f"articles_import_{name}", args=[run.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ARTICLE_ACTS)
def test_another_author_cannot_act_on_an_article_of_others(login, run, name):
    key = run.articles.first().pk
    answer = login(make_user("another", "Authors")).post(reverse(f"articles_import_{name}", args=[key]))

    assert answer.status_code == 404
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("name", ACTS)
def test_a_run_is_changed_by_post_alone(login, people, run, name):
    assert login(people.editor).get(reverse(f"articles_import_{name}", args=[run.pk])).status_code == 405


@pytest.mark.parametrize("name", ARTICLE_ACTS)
def test_an_article_is_changed_by_post_alone(login, people, run, name):
    key = run.articles.first().pk

    assert login(people.editor).get(reverse(f"articles_import_{name}", args=[key])).status_code == 405


def test_another_editor_may_go_on_with_a_run(login, run):
    answer = login(make_user("second", "Editors")).get(reverse("articles_import_run", args=[run.pk]))

    assert "Sleep and age" in text_of(answer)


def test_the_run_page_shows_each_article_with_what_an_editor_decides_by(login, people, run):
    said = text_of(login(people.editor).get(reverse("articles_import_run", args=[run.pk])))

    assert "2 articles in this import, 0 failed." in said
    assert "2 doses, 1 substance" in said
    assert "Make all drafts (2)" in said


def test_the_run_page_can_be_filtered_and_ordered(login, people, run):
    client, address = login(people.editor), reverse("articles_import_run", args=[run.pk])

    by_risk = text_of(client.get(f"{address}?order=risk"))
    failed = text_of(client.get(f"{address}?state=failed"))

    assert by_risk.index("Sore knees") < by_risk.index("Sleep and age")
    assert "There are no articles with this status." in failed


def test_views_in_a_csv_put_the_most_read_first(login, people, read_run):
    run = read_run(upload("blog.export", export(post(1), post(2), post(3))))
    client, csv = login(people.editor), 'address,views\nhttps://old.example/article-3,"1,200"\n/article-2/,7\n'

    client.post(reverse("articles_import_views", args=[run.pk]), {"file": file("views.csv", csv)})
    said = text_of(client.get(reverse("articles_import_run", args=[run.pk]) + "?order=readers"))

    assert said.index("Article 3") < said.index("Article 2") < said.index("Article 1")
    assert "1200" in said


def test_progress_is_told_as_json(login, people, run):
    told = login(people.editor).get(reverse("articles_import_progress", args=[run.pk])).json()

    assert (told["percent"], told["is_busy"], told["done"]) == (100, False, 2)


def test_the_table_takes_as_many_queries_for_ten_rows_as_for_two(login, people, run, read_run):
    many = read_run(upload("blog.export", export(*(post(number) for number in range(10)))))
    client, counts = login(people.editor), []
    client.get(reverse("articles_import_run", args=[run.pk]))
    for each in (run, many):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("articles_import_run", args=[each.pk]))
        counts.append(len(asked))

    assert counts[0] == counts[1]


# One article


@pytest.fixture
def sleep(run):
    return run.articles.get(title="Sleep and age")


@pytest.fixture
def act(login, people):
    """act(article, do=…, part=…): a button of the article's page; the page that follows."""

    def _act(row, **given):
        row.refresh_from_db()
        said = {"shown": digest(row.shown)} | given
        return login(people.editor).post(reverse("articles_import_edit", args=[row.pk]), said, follow=True)

    return _act


def part_of(row, heading: str) -> int:
    row.refresh_from_db()
    return next(at for at, part in enumerate(row.shown["parts"]) if part.get("heading") == heading)


def test_the_article_page_shows_each_part_with_its_kind_and_reason(login, people, sleep):
    said = text_of(login(people.editor).get(reverse("articles_import_article", args=[sleep.pk])))

    assert "Symptoms" in said
    assert "Every word of the original is in one of the parts above, and none was added." in said
    assert "Make the draft" in said


def test_a_corrected_kind_counts_for_the_same_heading_in_the_other_article(act, run, sleep):
    answer = act(sleep, do="kind", part=part_of(sleep, "Symptoms"), kind="causes")

    other = run.articles.get(title="Sore knees")
    kinds = {part.get("heading"): part.get("kind") for part in other.shown["parts"]}
    assert "here and in 1 other section with this heading" in text_of(answer)
    assert kinds["Symptoms"] == "causes"


@pytest.mark.parametrize("do", ["merge", "leave-out"])
def test_a_part_can_be_merged_or_left_out(act, sleep, do):
    before = sleep.sections

    act(sleep, do=do, part=part_of(sleep, "Risks"))

    sleep.refresh_from_db()
    assert sleep.sections == before - 1


def test_what_was_left_out_can_be_brought_back(act, sleep):
    at = part_of(sleep, "Risks")
    act(sleep, do="leave-out", part=at)

    act(sleep, do="bring-back", part=at)

    sleep.refresh_from_db()
    assert sleep.shown["parts"][at]["role"] == "section"


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(act, sleep):
    answer = act(sleep, do="leave-out", part=1, shown="0" * 64)

    sleep.refresh_from_db()
    assert "Somebody changed this article while you were reading it." in answer.content.decode()
    assert sleep.edited is None


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "kind", "part": "1", "kind": "nonsense"},
        {"do": "split-x", "part": "1"},
        {"do": "split-99", "part": "2"},
        {"do": "merge", "part": "9999999999"},
        {"do": "leave-out", "part": "-1"},
        {"do": "bring-back", "part": "1"},
    ],
    ids=str,
)
def test_what_no_button_sends_changes_nothing(act, sleep, given):
    act(sleep, **given)

    sleep.refresh_from_db()
    assert sleep.edited is None


def test_a_title_and_a_language_can_be_set(login, people, sleep, spanish):
    address = reverse("articles_import_title", args=[sleep.pk])

    login(people.editor).post(address, {"title": "Sueño y edad", "language": "es"})

    sleep.refresh_from_db()
    assert (sleep.title, sleep.language) == ("Sueño y edad", "es")


def test_the_draft_is_made_and_linked(login, people, sleep):
    answer = login(people.editor).post(reverse("articles_import_draft", args=[sleep.pk]), follow=True)

    page = ArticlePage.objects.get()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in answer.content.decode()
    assert (page.title, page.live, page.owner) == ("Sleep and age", False, people.editor)


def test_a_second_click_makes_no_second_draft(login, people, sleep):
    for _ in range(2):
        login(people.editor).post(reverse("articles_import_draft", args=[sleep.pk]))

    assert ArticlePage.objects.count() == 1


def test_the_editor_of_an_imported_draft_leads_to_the_comparison(login, people, sleep):
    client = login(people.editor)
    client.post(reverse("articles_import_draft", args=[sleep.pk]))
    page = ArticlePage.objects.get()

    panel = client.get(reverse("articles_panel", args=[page.pk])).content.decode()
    compared = text_of(client.get(reverse("articles_import_compare", args=[sleep.pk])))

    assert reverse("articles_import_compare", args=[sleep.pk]) in panel
    assert "Apart from what the import left out, the draft has every word of the file, and no other." in compared


def test_who_may_not_edit_a_draft_may_not_compare_it(login, people, sleep):
    login(people.editor).post(reverse("articles_import_draft", args=[sleep.pk]))

    answer = login(make_user("another", "Authors")).get(reverse("articles_import_compare", args=[sleep.pk]))

    assert answer.status_code == 404


def test_the_original_comes_back_byte_by_byte_and_is_never_shown(login, people, sleep):
    answer = login(people.editor).get(reverse("articles_import_original", args=[sleep.pk]))

    assert answer.content == SLEEP.encode()
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''sleep.txt"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_all_drafts_are_made_by_the_worker(login, people, run):
    client = login(people.editor)

    client.post(reverse("articles_import_draft_all", args=[run.pk]))
    run_all()

    said = text_of(client.get(reverse("articles_import_run", args=[run.pk])))
    assert ArticlePage.objects.count() == 2
    assert "Draft made (2)" in said


def test_markup_in_a_file_is_shown_as_text(login, people, read_run):
    run = read_run(upload("<img src=x>.txt", article("<script>alert(1)</script>", "<b>Bold</b>")))
    client = login(people.editor)

    shown = client.get(reverse("articles_import_article", args=[run.articles.get().pk])).content.decode()
    listed = client.get(reverse("articles_import_run", args=[run.pk])).content.decode()

    assert "<script>alert(1)" not in shown + listed
    assert "<img src=x>" not in shown + listed
