"""*Look up*: what was found is shown beside what the record says, and replaces it only when somebody chooses so."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from articles.admin.library.looking_up import verified
from articles.document.gather import gather
from articles.document.render import render
from articles.intake.recognize.references import read_reference
from articles.record.models import Event
from articles.sources.filling import words_of
from articles.sources.lookup.errors import NoSuchRecord
from articles.sources.lookup.find import find_record
from articles.sources.models import Source
from tests.factories import complete_body, make_article, make_source
from tests.hands import fresh

pytestmark = pytest.mark.django_db
DOI = "10.5555/scalps"
WORK = {
    "DOI": DOI,
    "title": ["A long study of itching scalps in many adults"],
    "type": "journal-article",
    "author": [{"family": "Doe", "given": "Jane"}],
    "container-title": ["Journal of Scalps"],
    "issued": {"date-parts": [[2024, 5]]},
    "volume": "7",
    "page": "11-19",
}
TYPED = {"title": WORK["title"][0], "authors": "", "container_title": "", "publisher": "Scalp Press", "issued": ""}


@pytest.fixture
def works(server):
    server.index.add_work(WORK)
    return server


@pytest.fixture
def source():
    """As an import makes it of “Scalp Press: A long study …”."""
    return make_source(**TYPED, design="other")


@pytest.fixture
def page(people, source):
    return make_article(by=people.author, body=complete_body(source))


@pytest.fixture
def author(login, people):
    return login(people.author)


def of_article(page) -> str:
    return reverse("articles_look_up_sources", args=[page.pk])


def of_source(source) -> str:
    return reverse("articles_look_up_source", args=[source.pk])


def text(answer) -> str:
    return unescape(answer.content.decode())


def marks(answer) -> dict[str, str]:
    return dict(re.findall(r'name="(mark-\d+)" value="(\w+)"', text(answer)))


def use(client, at, *sources, follow=True):
    """Look all up, then use what was found and is ticked."""
    found = client.post(at, {"do": "all"})
    return client.post(at, {"do": "use", "use": [source.pk for source in sources]} | marks(found), follow=follow)


def details(source) -> tuple[str, ...]:
    source.refresh_from_db()
    return source.authors, source.container_title, source.issued, source.volume, source.doi, source.verified_from


EMPTY = ("", "", "", "", "", "")
FILLED = ("Doe, Jane", "Journal of Scalps", "2024-05", "7", DOI, "crossref")


def test_what_is_found_is_shown_beside_the_record_and_replaces_nothing(works, author, source, page):
    answer = author.post(of_article(page), {"do": "all"})

    assert re.search(r"Journal or site</th>\s*<td[^>]*>–</td>\s*<td[^>]*><ins>Journal of Scalps</ins>", text(answer))
    assert re.search(r"Title</th>\s*<td[^>]*>A long study of itching scalps in many adults</td>\s*<td[^>]*>the same",
                     text(answer))  # fmt: skip
    assert details(source) == EMPTY


def test_opening_the_page_asks_nobody(works, author, page):
    assert author.get(of_article(page)).status_code == 200
    assert works.asked == []


def test_what_is_ticked_fills_the_record_and_leads_back_to_the_article(works, author, people, source, page):
    answer = use(author, of_article(page), source)

    assert answer.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "is looked up" in text(answer)
    assert details(source) == FILLED
    assert source.publisher == "Scalp Press"  # nobody said another
    assert source.latest_revision.user == people.author
    assert verified(source).startswith("Verified with Crossref on ")


def test_what_is_not_ticked_stays_as_it_is(works, author, source, page):
    answer = use(author, of_article(page))

    assert "Nothing was ticked, so nothing was replaced." in text(answer)
    assert details(source) == EMPTY


def test_a_source_is_looked_up_by_itself_by_other_words(works, author, source):
    Source.objects.filter(pk=source.pk).update(title="Itching")
    at = of_source(source)
    assert "No record was found" in text(author.post(at, {"do": source.pk}))

    words = {f"words-{source.pk}": f"doi:{DOI}"}
    found = author.post(at, {"do": source.pk} | words)
    answer = author.post(at, {"do": "use", "use": source.pk} | words | marks(found), follow=True)

    assert details(source) == FILLED
    assert source.title == WORK["title"][0]
    assert answer.redirect_chain[-1][0] == reverse("wagtailsnippets_articles_source:edit", args=[source.pk])


def test_a_record_that_changed_since_it_was_shown_is_left(works, author, source, page):
    found = author.post(of_article(page), {"do": "all"})
    source.title = "A title that somebody else typed"
    source.save()

    words = {f"words-{source.pk}": WORK["title"][0]}
    answer = author.post(of_article(page), {"do": "use", "use": source.pk} | words | marks(found))

    assert "has changed meanwhile, so nothing was replaced. Look it up again." in text(answer)
    assert details(source) == EMPTY


def test_a_record_that_is_right_becomes_verified(works, author, people, source, page):
    Source.objects.filter(pk=source.pk).update(**(find_record(DOI).source_fields | {"design": "cohort"}))

    found = author.post(of_article(page), {"do": "all"})
    use(author, of_article(page), source)

    assert "Nothing differs: mark it as verified" in text(found)
    assert details(source)[-1] == "crossref" and source.design == "cohort"


def test_a_retraction_is_said_before_and_becomes_the_status(works, author, source, page):
    works.index.works[DOI] = WORK | {"updated-by": [{"DOI": "10.5555/notice", "type": "retraction"}]}

    found = author.post(of_article(page), {"do": "all"})
    use(author, of_article(page), source)

    assert "Retracted.</strong> The record gets this status too." in text(found)
    assert details(source) == FILLED and source.status == "retracted"
    [event] = Event.objects.filter(subject=source.source_id)
    assert (event.data["said_by"], event.actor) == ("crossref", {})


def test_a_work_that_another_record_has_is_cited_as_that_record(works, author, source, page):
    other = make_source(doi=DOI, title="The record of the library")

    found = text(author.post(of_article(page), {"do": "all"}))
    use(author, of_article(page), source)

    assert "The library already has this work as" in found and "Cite the record that the library has" in found
    assert {row.key for row in gather(fresh(page).get_latest_revision()).sources.values()} == {other.pk}
    assert details(source) == EMPTY


def test_a_second_record_of_a_work_is_for_an_editor_to_merge(works, people, login, source):
    other = make_source(doi=DOI, title="The record of the library")
    at = f"{reverse('articles_merge_source', args=[source.pk])}?into={other.pk}"

    by_an_author = text(login(people.author).post(of_source(source), {"do": source.pk}))
    by_an_editor = text(login(people.editor).post(of_source(source), {"do": source.pk}))

    assert "Cite that record in place of this one." in by_an_author and at not in by_an_author
    assert at in by_an_editor and 'value="use"' not in by_an_editor


HUGE = b'{"status": "ok", "message": {"title": ["' + b"x" * (50 * 1024 * 1024) + b'"]}}'


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((404, "text/plain", b"Resource not found."), "No record was found for the DOI 10.5555/scalps"),
        ((200, "application/json", HUGE), "it is larger than 2 MB"),
        ((200, "text/html", b"<html>Sign in to this network</html>"), "it is text/html"),
        ((200, "application/json", b'{"status": "ok", "message": {"DOI": "10.5555/scalps"}}'), "has no title"),
        ((503, "text/plain", b""), "Crossref could not be asked: it answered 503. Try again in a minute."),
    ],
    ids=["no such DOI", "50 MB", "HTML", "no title", "out of order"],
)
def test_a_bad_answer_leaves_record_and_draft_whole_and_says_what_to_do(works, author, people, given, says):
    source = make_source(title="A title", doi=DOI)
    page = make_article(by=people.author, body=complete_body(source))
    before = {part: made.digest for part, made in render(gather(page.get_latest_revision())).items()}
    works.answers["/works/10.5555%2Fscalps"] = given

    answer = text(author.post(of_article(page), {"do": "all"}))

    assert says in answer and "Whether this work still stands is not known." in answer
    assert "You can type the details by hand" in answer and 'value="use"' not in answer
    assert {part: made.digest for part, made in render(gather(fresh(page).get_latest_revision())).items()} == before
    assert details(source)[-1] == "" and source.status == "standing" and source.answered_at is None


def test_works_that_may_be_meant_are_named_with_what_to_paste(server, author, source, page):
    for number in (1, 2):
        server.index.add_work(WORK | {"DOI": f"10.5555/{number}"})

    answer = text(author.post(of_article(page), {"do": "all"}))

    assert all(f"Journal of Scalps, 2024-05: 10.5555/{number}" in answer for number in (1, 2))


def test_a_slow_service_is_left_for_the_next_click(works, author, source, page, monkeypatch):
    monkeypatch.setattr("articles.admin.library.looking_up.WITHIN_S", -1.0)

    answer = text(author.post(of_article(page), {"do": "all"}))

    assert "This one was not looked up yet" in answer and works.asked == []


def test_whoever_may_not_edit_the_article_or_the_library_is_refused(works, people, login, source, page):
    assert login(people.reviewer).get(of_article(page)).status_code in (302, 403)
    assert login(people.reviewer).get(of_source(source)).status_code in (302, 403)


def test_the_library_shows_what_is_not_verified_and_leads_to_it(works, author, source, page):
    listed, form = reverse("wagtailsnippets_articles_source:list"), "wagtailsnippets_articles_source:edit"
    unverified = text(author.get(listed, {"is_verified": "no"}))

    assert str(source) in unverified and of_source(source) in unverified and "Not verified" in unverified
    assert str(source) not in text(author.get(listed, {"is_verified": "yes"}))
    assert f'href="{of_source(source)}"' in text(author.get(reverse(form, args=[source.pk])))
    panel = text(author.get(reverse("articles_panel", args=[page.pk])))
    assert re.search(rf'1 source is not verified. <a href="{of_article(page)}">', panel)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "A study"} | dict.fromkeys(("authors", "container_title", "issued"), ""), "A study."),
        (
            {"title": "A page", "csl_type": "webpage", "url": "https://a.example/x", "authors": "", "issued": ""},
            "A page. Journal of Scalps.",
        ),
        ({"title": "A study", "authors": "", "issued": "", "container_title": "", "pmid": "7"}, "A study. PMID: 7"),
        ({"title": "A study", "authors": "", "issued": "", "container_title": "", "doi": DOI}, f"A study. doi:{DOI}"),
    ],
)
def test_the_reference_is_looked_up_with_its_identifiers(fields, words):
    assert words_of(make_source(**fields)) == words


def test_the_seeds_sources_are_found_as_an_import_makes_them(recorded_server, shared):
    given = json.loads((shared / "data/citations/seed_references.json").read_text())["references"]
    found = {}

    for reference in given:
        read = read_reference(reference["raw"])
        source = make_source(**(TYPED | {"title": read.title, "publisher": read.publisher}))
        try:
            found[reference.get("doi", "").lower()] = find_record(words_of(source)).doi
        except NoSuchRecord:
            found[reference.get("doi", "").lower()] = ""

    assert found == {doi: doi for doi in found}
    assert len(found) == 4 and "" in found  # one has no record
