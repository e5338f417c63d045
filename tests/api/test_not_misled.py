"""What readers could be misled by: each is shown, wherever the text goes (design §7, *What a reader must see*)."""

import json

import pytest
from wagtail.log_actions import LogContext
from wagtail.models import Locale

from articles.admin.reading import read_draft
from articles.authoring.models import RelatedArticle
from articles.document.gather import gather_page
from articles.document.render import render
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from tests.factories import block, citation, complete_body, edit, make_article, make_source, teach


@pytest.fixture
def article(people, publish):
    """article(body, …) is published; `language` makes it the translation of `of`."""

    def make(body, *, language="en", of=None, **fields):
        if language != "en":
            teach(language, people.editor, people.reviewer)
            fields["locale"] = Locale.objects.get_or_create(language_code=language)[0]
        if of:
            fields["translation_key"] = type(of).objects.get(pk=of.pk).translation_key
        return publish(make_article(by=people.author, body=body, **fields))

    return make


@pytest.fixture
def question(django_capture_on_commit_callbacks, lead):
    """question(source, status): its publisher retracts it, or expresses concern."""

    def put(source, status="retracted"):
        with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
            source.status = status
            source.save()

    return put


def section(article: dict, kind: str) -> dict:
    return next(row for row in article["content"]["sections"] if row["kind"] == kind)


def test_an_offer_for_some_markets_is_data_and_not_in_html(article, sign_offer, get_json):
    offer = sign_offer(scope_markets=json.dumps([{"type": "market", "value": "US"}]))
    page = article(complete_body(make_source(), offer))

    slot = section(get_json(f"articles/{page.slug}/"), "cta")

    assert slot["offer"]["markets"] == ["US"]
    assert offer.label not in slot["html"] and offer.target not in slot["html"]


def test_a_reviewer_sees_an_offer_for_some_markets_and_which(article, sign_offer):
    offer = sign_offer(scope_markets=json.dumps([{"type": "market", "value": "US"}]))
    page = article(complete_body(make_source(), offer))
    draft = gather_page(page.get_latest_revision_as_object())

    html = section(read_draft(draft, render(draft)).article, "cta")["html"]

    assert "Only in: US" in html and offer.label in html


@pytest.mark.parametrize("address", ["sections/", "sections/risks/"])
@pytest.mark.parametrize("form", ["html", "markdown", "portable"])
def test_sections_come_with_what_must_be_shown_beside_them(rich, get_json, question, address, form):
    whole = get_json(f"articles/{rich.slug}/?rich_text={form}")

    alone = get_json(f"articles/{rich.slug}/{address}?rich_text={form}")

    wanted = [row for row in whole["content"]["sections"] if address == "sections/" or row["kind"] == "risks"]
    assert alone["results"] == wanted
    assert {key: alone[key] for key in ("review", "notices", "edition", "links")} == {
        key: whole[key] for key in ("review", "notices", "edition", "links")
    }
    assert (alone["sponsorship"], alone["disclaimers"]) == (None, whole["content"]["disclaimers"])
    assert alone["references"] == whole["content"]["references"] != []


def test_a_section_comes_with_the_references_that_it_cites_and_no_others(article, get_json):
    first, second = make_source(), make_source()
    cited = f'<p>It helps <a linktype="citation" sources="{second.pk}">[1]</a>.</p>'
    page = article([*complete_body(first), block("faq", items=[{"question": "Does it?", "answer": cited}])])

    answers = get_json(f"articles/{page.slug}/sections/faq/")
    conclusion = get_json(f"articles/{page.slug}/sections/conclusion/")

    assert [row["source_id"] for row in answers["references"]] == [str(second.source_id)]
    assert conclusion["references"] == []


@pytest.mark.parametrize(
    ("status", "word"), [("retracted", "Retracted"), ("expression-of-concern", "Expression of concern")]
)
def test_a_retracted_source_is_marked_in_the_list_and_at_each_claim(article, question, get_json, status, word):
    source = make_source()
    page = article(complete_body(source))

    question(source, status)
    shown = get_json(f"articles/{page.slug}/")

    mark = f'<strong class="source-{status}">{word}</strong>'
    (reference,) = shown["content"]["references"]
    assert (reference["source_status"], reference["source_status_since"]) == (status, shown["notices"][0]["since"])
    for kind, name in (("causes", "items"), ("evidence", "findings"), ("risks", "effects")):
        (item,) = section(shown, kind)[name]
        assert item["citations"][0]["source_status"] == status
        assert f'<a href="#reference-1">1</a> {mark}' in section(shown, kind)["html"]
    assert f'<a href="#reference-1">1</a> {mark}' in section(shown, "causes")["text"]
    assert f'<li id="reference-1">{mark}' in section(shown, "sources")["html"]


def test_a_corrected_source_is_marked_in_the_list_alone(article, question, get_json):
    source = make_source()
    page = article(complete_body(source))

    question(source, "corrected")
    shown = get_json(f"articles/{page.slug}/")

    assert 'class="source-corrected"' in section(shown, "sources")["html"]
    assert "source-corrected" not in section(shown, "risks")["html"]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("de", ("Nebenwirkungen", "Sehr niedrige Vertrauenswürdigkeit", "Untersucht wurden", "Lokal")),
        ("es", ("Efectos adversos", "Evidencia de certeza muy baja", "Estudiado en", "Frecuente")),
    ],
)
def test_fixed_words_are_in_the_articles_language(article, get_json, language, titles):
    page = article(complete_body(make_source()), language=language)

    sections = get_json(f"articles/{page.slug}/?locale={language}")["content"]["sections"]

    html = "".join(row["html"] for row in sections)
    assert all(f'lang="{language}"' in row["html"] for row in sections)
    assert "Side effects" not in html and "certainty</p>" not in html
    assert sum(title in html for title in titles) >= 3


def test_a_language_without_words_gets_english_ones_that_say_so(article, get_json, question):
    source = make_source()
    page = article(complete_body(source), language="fr")

    question(source)
    shown = get_json(f"articles/{page.slug}/?locale=fr")

    assert '<h3><span lang="en">Side effects and harms</span></h3>' in section(shown, "risks")["html"]
    assert section(shown, "risks")["html"].startswith('<section class="section section-risks"')
    assert ' lang="fr">' in section(shown, "risks")["html"]
    assert shown["notices"][0]["lang"] == "en"


def test_a_text_from_right_to_left_says_so(article, get_json):
    page = article(complete_body(make_source()), language="ar")

    sections = get_json(f"articles/{page.slug}/?locale=ar")["content"]["sections"]

    assert all(' lang="ar" dir="rtl">' in row["html"] for row in sections)


@pytest.fixture
def linking(article):
    """linking(target, language): an article that links to it in its text, and names it as related."""

    def make(target, language="en"):
        link = block("prose", text=f'<p>See <a linktype="page" id="{target.pk}">the other</a>.</p>', aspect="other")
        body = complete_body(make_source())
        related = [RelatedArticle(article=target)]
        return article([*body[:1], link, *body[1:]], language=language, related=related)

    return make


def leads(get_json, page, language="en") -> tuple[str, dict]:
    """(HTML of the linking section, the related article)."""
    shown = get_json(f"articles/{page.slug}/?locale={language}")
    return section(shown, "prose")["text"], shown["content"]["related"][0]


def test_a_link_leads_to_the_page_of_the_article_and_never_to_json(article, linking, get_json):
    target = article(complete_body(make_source()))

    text, related = leads(get_json, linking(target))

    page = f"http://testserver/read/en/{target.slug}/"
    assert text == f'<p>See <a href="{page}" data-article="{target.article_id}">the other</a>.</p>'
    assert (related["web_url"], related["article"]) == (page, str(target.article_id))
    assert related["url"] == f"http://testserver/api/v1/articles/{target.slug}/"


def test_a_link_in_a_translation_leads_to_the_translation_while_there_is_one(article, linking, get_json, people):
    target = article(complete_body(make_source()))
    page = linking(target, language="es")
    english = leads(get_json, page, "es")

    translation = article(complete_body(make_source()), language="es", of=target)
    spanish = leads(get_json, page, "es")
    withdraw(page=translation, reason="other", by=people.editor)
    after = leads(get_json, page, "es")

    assert f'data-article="{target.article_id}"' in english[0] and english[1]["locale"] == "en"
    assert f'href="http://testserver/read/es/{translation.slug}/" data-article="{translation.article_id}"' in spanish[0]
    assert spanish[1]["id"] == str(target.article_id)
    assert (spanish[1]["article"], spanish[1]["locale"]) == (str(translation.article_id), "es")
    assert spanish[1]["title"] == translation.title
    assert after == english


def test_a_translation_is_outdated_once_the_original_changes_in_substance(article, get_json, people, publish):
    original = article(complete_body(make_source()))
    translation = article(complete_body(make_source()), language="es", of=original)

    def outdated(page, language):
        return [
            row["outdated"] for row in get_json(f"articles/{page.slug}/?locale={language}")["links"]["translations"]
        ]

    before = outdated(original, "en"), outdated(translation, "es")
    publish(edit(original, by=people.author, summary="What helps, by a new trial."))

    assert before == ([False], [False])
    assert (outdated(original, "en"), outdated(translation, "es")) == ([True], [False])


def test_a_walk_in_the_default_order_keeps_an_article_that_is_published_again(article, get_json, people, publish):
    pages = [article(complete_body(make_source())) for _ in range(3)]
    first = get_json("articles/?page_size=1")

    publish(edit(pages[0], by=people.author, summary="Changed while somebody walks."))
    met = [row["id"] for row in first["results"]]
    while first["next"]:
        first = get_json(first["next"])
        met += [row["id"] for row in first["results"]]

    assert met == [str(page.article_id) for page in reversed(pages)]


def test_an_earlier_composers_publication_is_served_as_html_alone(recorded, get, require_problem):
    row = Publication.objects.get(article=recorded.article_id)
    old = json.loads(bytes(row.portable))
    Publication.objects.update(portable=json.dumps({key: old[key] for key in old if key != "signed"}).encode())

    assert get(f"articles/{recorded.slug}/").status_code == 200
    problem = require_problem(f"articles/{recorded.slug}/sections/", 503, "unavailable")
    assert problem["detail"].startswith("This version of Vetted is still updating")


def test_a_citation_of_a_claim_names_its_support_to_readers_of_json(article, get_json):
    source = make_source()
    body = complete_body(source)
    body[1]["value"]["items"][0]["value"]["citations"] = [
        {"type": "item", "id": "c", "value": citation(source, support="indirect")}
    ]

    cause = section(get_json(f"articles/{article(body).slug}/"), "causes")["items"][0]

    assert cause["citations"][0]["support"] == "indirect"
