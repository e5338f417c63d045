"""`articles/{id or slug}/`: one article, whole, in one query."""

import gzip
import re
import unicodedata
from html import escape, unescape
from urllib.parse import quote

import pytest

from articles.publishing.refile import refile
from articles.record.documents import read_document
from articles.record.models import Document, Path, Publication
from articles.record.vocabulary import SectionKind
from tests.factories import block, complete_body, make_article, make_source


def words(text: str) -> set[str]:
    """Of HTML or plain text, as it is read."""
    text = re.sub(r"</?(?:su[bp]|strong|em|a)\b[^>]*>", "", text)
    return set(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", text)).casefold()))


def test_the_detail_serves_the_stored_bytes(recorded, get):
    answer = get(f"articles/{recorded.slug}/")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.content == bytes(Publication.objects.get().body)


def test_an_article_is_found_by_its_id_too(recorded, get):
    by_slug, by_id = get(f"articles/{recorded.slug}/"), get(f"articles/{recorded.article_id}/")

    assert by_id.content == by_slug.content


def test_an_id_is_found_in_capitals_too(recorded, get):
    assert get(f"articles/{str(recorded.article_id).upper()}/").status_code == 200


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_every_kind_of_section_is_served_as_documented(rich, get_json, form):
    article = get_json(f"articles/{rich.slug}/?rich_text={form}")

    kinds = {section["kind"] for section in article["content"]["sections"]}
    assert kinds == set(SectionKind.values)
    assert article["content"]["hero"]["renditions"]
    assert article["content"]["substances"][0]["status"] == [{"market": "US", "status": "off-label"}]


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_each_form_says_the_words_that_were_signed_and_no_others(rich, get_json, form):
    article = get_json(f"articles/{rich.slug}/?rich_text={form}")
    signed = read_document(bytes(Document.objects.get(digest=article["edition"]["digests"]["medical"]).content))

    for served, section in zip(article["content"]["sections"], signed["sections"], strict=True):
        assert served["heading"] == section["heading"]
        assert words(plain(served["text"], form)) == words(plain(section["text"], "portable"))
        assert words(plain(served["text"], form)) <= words(served["html"])


def plain(text, form: str) -> str:
    """Portable Text and Markdown without marks, addresses and escapes."""
    if form == "portable":
        return "\n".join(escape("".join(span["text"] for span in block["children"])) for block in text)
    if form == "markdown":
        return re.sub(r"\\(.)", r"\1", re.sub(r"\]\(\S+?\)", "]", text))
    return text


@pytest.fixture
def anchored(people, publish):
    """An article whose prose leads to its section on symptoms."""
    target = block("prose", heading="Symptoms", text="<p>It itches.</p>", aspect="symptoms")
    link = f'<p>See <a linktype="anchor" section="{target["id"]}">the symptoms</a>.</p>'
    body = complete_body(make_source(), None)
    return publish(make_article(by=people.author, body=[*body[:1], block("prose", text=link), target, *body[1:]]))


def test_a_link_to_a_section_leads_to_the_element_of_that_section(anchored, get_json):
    _, prose, target, *_ = get_json(f"articles/{anchored.slug}/")["content"]["sections"]

    href = re.search(r'<p>See <a href="#(.+?)">the symptoms</a>.</p>', prose["text"])[1]

    assert prose["text"] in prose["html"]
    assert f'id="{href}"' in target["html"]


def test_a_link_to_a_section_is_a_mark_and_an_address_in_the_other_forms(anchored, get_json):
    _, marked, target, *_ = get_json(f"articles/{anchored.slug}/?rich_text=portable")["content"]["sections"]
    _, written, *_ = get_json(f"articles/{anchored.slug}/?rich_text=markdown")["content"]["sections"]

    assert marked["text"][0]["markDefs"] == [{"_key": "m0", "_type": "anchor", "section": target["id"]}]
    assert written["text"] == f"See [the symptoms](#section-{target['id']})."


def test_markdown_keeps_what_html_marks(rich, get_json):
    article = get_json(f"articles/{rich.slug}/?rich_text=markdown")
    text = next(row["text"] for row in article["content"]["sections"] if row["kind"] == "prose")

    assert "**at least**" in text
    assert "H<sub>2</sub>O" in text
    assert "[a page](https://example.org/a)" in text
    assert re.search(r"\[the other one\]\(http://testserver/read/en/[\w-]+/\)", text)
    assert "\n\n### More" in text


def test_markdown_reaches_answers_and_disclaimers_too(rich, get_json):
    content = get_json(f"articles/{rich.slug}/?rich_text=markdown")["content"]
    answers = [row["items"][0]["answer"] for row in content["sections"] if row["kind"] == "faq"]

    assert answers == ["No, it *does not*."]
    assert content["disclaimers"][0]["text"] == "General information, no advice."


@pytest.mark.parametrize("query", ["", "?rich_text=portable", "?rich_text=markdown", "?locale=en"])
def test_one_query_is_all_it_takes(recorded, get, django_assert_num_queries, query):
    with django_assert_num_queries(1):
        get(f"articles/{recorded.slug}/{query}")


def test_the_same_slug_in_another_locale_is_another_article(recorded, shelve, get_json):
    spanish = shelve(locale="es", slug=recorded.slug)

    assert get_json(f"articles/{recorded.slug}/")["id"] == str(recorded.article_id)
    assert get_json(f"articles/{recorded.slug}/?locale=es")["id"] == str(spanish.article)


def test_a_slug_of_another_alphabet_is_served(recorded, get_json, shelve):
    row = shelve(slug="выпадение-волос")

    assert get_json(f"articles/{quote(row.slug)}/")["id"] == str(row.article)


FORMS = {
    "upper case": str.upper,
    "title case": str.title,
    "NFD": lambda slug: unicodedata.normalize("NFD", slug),
    "NFKC": lambda slug: slug.replace("2", "²"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("rest", ["", "sections/", "editions/1/"])
def test_another_form_of_a_slug_leads_to_the_current_one(publish, people, get, form, rest):
    page = publish(make_article(by=people.author, slug="peau-sèche-2"))

    answer = get(f"articles/{quote(form(page.slug))}/{rest}")

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"http://testserver/api/v1/articles/{quote('peau-sèche-2')}/{rest}"
    assert get(answer.headers["Location"]).status_code == 200


def test_another_form_of_an_old_slug_leads_to_the_current_one(moved, get):
    assert get(f"articles/{moved.upper()}/").headers["Location"].endswith("/articles/a-better-address/")


def test_an_article_whose_slug_was_filed_in_another_form_is_served_there(published, shelve, get, get_json):
    row = shelve(slug="Peau-Sèche")
    Path.objects.filter(article=row.article).update(slug="peau-sèche")

    assert get(f"articles/{quote('peau-sèche')}/").headers["Location"].endswith(quote("Peau-Sèche") + "/")
    assert get_json(f"articles/{quote('Peau-Sèche')}/")["id"] == str(row.article)


@pytest.fixture
def moved(published, people):
    refile(page=published, slug="a-better-address", topics=[], by=people.editor)
    return published.slug


@pytest.mark.parametrize(
    "rest", ["", "sections/", "sections/risks/", "editions/", "editions/1/", "editions/1/parts/medical/"]
)
def test_an_old_slug_leads_to_the_current_one_on_every_route(moved, get, rest):
    answer = get(f"articles/{moved}/{rest}?locale=en")

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"http://testserver/api/v1/articles/a-better-address/{rest}?locale=en"
    assert get(answer.headers["Location"]).status_code == 200


def test_where_an_old_slug_leads_may_be_kept_for_a_minute_only(moved, get):
    assert get(f"articles/{moved}/").headers["Cache-Control"] == "public, max-age=55"


def test_a_draft_is_not_found(people, require_problem):
    page = make_article(by=people.author)

    require_problem(f"articles/{page.slug}/", 404, "not-found")
    require_problem(f"articles/{page.article_id}/", 404, "not-found")


def test_gzip_is_served_from_the_store(recorded, get):
    answer = get(f"articles/{recorded.slug}/", accept_encoding="br, gzip")

    row = Publication.objects.get()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content == bytes(row.body_gzip)
    assert gzip.decompress(answer.content) == bytes(row.body)
