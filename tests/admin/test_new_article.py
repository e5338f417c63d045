"""How an article begins: with its type, then with the sections of that type, and no finding that these bring."""

import pytest
from django.urls import reverse
from wagtail.models import Revision

from articles.admin.editor.new_article import EVERY, begin, section_help, templates
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.checks import engine
from articles.document.gather import gather
from articles.document.render import render
from articles.record.vocabulary import ArticleType, Aspect, SectionKind
from tests.admin.conftest import edit_form
from tests.factories import make_article, make_clinician, make_user

TYPES = ArticleType.values


def add_url(folder=None) -> str:
    folder = folder or ArticleIndexPage.objects.get()
    return reverse("wagtailadmin_pages:add", args=["articles", "articlepage", folder.pk])


def second_folder() -> ArticleIndexPage:
    return ArticleIndexPage.objects.get().add_sibling(instance=ArticleIndexPage(title="Second", slug="second"))


def begun(people, article_type: str) -> ArticlePage:
    """As the editor saves it before anybody has written a word into a section."""
    page = ArticlePage(title="A title", slug="begun", owner=people.author)
    begin(page, article_type)
    ArticleIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=people.author)
    return page


@pytest.mark.parametrize("article_type", TYPES)
def test_the_start_page_leads_to_the_editor_in_one_step(login, people, article_type):
    client = login(people.author)
    address = f"{reverse('articles_new')}?type={article_type}"

    home = client.get("/admin/").content.decode()
    answer = client.get(address, follow=True)

    page = answer.context["form"].instance
    assert address in home
    assert answer.redirect_chain == [(f"{add_url()}?type={article_type}", 302)]
    assert page.article_type == article_type
    assert [block.block_type for block in page.body] == [
        section["kind"].replace("-", "_") for section in templates()[article_type]
    ]


def test_opening_the_editor_of_a_new_article_saves_nothing(login, people):
    before = ArticlePage.objects.count(), Revision.objects.count()

    login(people.author).get(f"{add_url()}?type=condition")

    assert (ArticlePage.objects.count(), Revision.objects.count()) == before


def test_wagtails_own_way_to_a_new_article_asks_for_its_type_first(login, people):
    answer = login(people.author).get(add_url(), follow=True)

    html = answer.content.decode()
    assert "What is the article about?" in html
    assert all(f'name="type" value="{value}"' in html for value in TYPES)


def test_who_has_several_folders_is_asked_for_one(login, people):
    second = second_folder()
    client = login(make_user("root", is_superuser=True))

    asked = client.get(reverse("articles_new"), {"type": "test"})
    led = client.get(reverse("articles_new"), {"type": "test", "folder": second.pk})

    assert f'<option value="{second.pk}">Second</option>' in asked.content.decode()
    assert led.url == f"{add_url(second)}?type=test"


@pytest.mark.parametrize("given", [{"type": "poem"}, {"type": "test", "folder": "1"}, {"folder": "²"}])
def test_what_is_no_type_and_no_folder_is_asked_for_again(login, people, given):
    second_folder()

    answer = login(make_user("root", is_superuser=True)).get(reverse("articles_new"), given)

    assert "What is the article about?" in answer.content.decode()


def test_who_may_not_add_articles_is_offered_none(login, people):
    client = login(make_clinician("second", name="Dr Second"))

    home = client.get("/admin/").content.decode()

    assert reverse("articles_new") not in home
    assert client.get(reverse("articles_new"), {"type": "test"}).status_code == 302
    assert client.get(reverse("articles_new"), {"type": "test"}).url == "/admin/"


@pytest.mark.parametrize("article_type", TYPES)
def test_empty_sections_bring_no_finding_and_reach_no_reader(people, article_type):
    begun_draft = gather(begun(people, article_type).get_latest_revision())
    bare = make_article(by=people.author, title="A title", article_type=article_type, summary="", body=[])

    assert render(begun_draft)["medical"].value["sections"] == []
    assert {finding.code for finding in engine.run(begun_draft)} <= {
        finding.code for finding in engine.run(gather(bare.get_latest_revision()))
    }


def test_every_section_that_is_laid_out_says_what_belongs_into_it():
    said = section_help()
    shared = said[EVERY]

    for article_type in TYPES:
        for section in templates()[article_type]:
            key = "/".join(filter(None, [section["kind"], section.get("aspect")]))
            assert said[article_type].get(key, shared.get(key)), (article_type, key)


@pytest.mark.parametrize("article_type", TYPES)
def test_a_template_names_kinds_and_aspects_that_exist_and_ends_with_the_sources(article_type):
    sections = templates()[article_type]

    assert {section["kind"] for section in sections} <= set(SectionKind.values)
    assert {section["aspect"] for section in sections if section["kind"] == "prose"} <= set(Aspect.values)
    assert sections[0]["kind"] == "introduction"
    assert sections[-1]["kind"] == "sources"
    assert SectionKind.RISKS in [section["kind"] for section in sections]


def test_the_review_panel_is_there_before_the_first_save_and_filled_by_it(login, people):
    client = login(people.author)

    before = client.get(f"{add_url()}?type=explainer").content.decode()
    form = edit_form(ArticlePage(title="New", slug="new", article_type="explainer", audience="patient"))
    saved = client.post(add_url(), form, headers={"accept": "application/json"}).json()
    partials = client.get(saved["hydrate_url"]).content.decode()

    page = ArticlePage.objects.get(slug="new")
    assert 'data-side-panel-toggle="review"' in before and "data-vetted-panel" in before
    assert "[data-side-panel=&#x27;review&#x27;]" in partials or "[data-side-panel='review']" in partials
    assert f'data-url="{reverse("articles_panel", args=[page.pk])}"' in partials
    assert "Write an introduction" in client.get(reverse("articles_panel", args=[page.pk])).content.decode()
