"""`Accept: text/markdown`: the whole article as one CommonMark document, and nothing that must be seen is missing."""

import copy
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import html
from markdown_it import MarkdownIt
from wagtail.log_actions import LogContext
from wagtail.models import Locale

from articles.authoring.models import RelatedArticle
from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record.delivery.exports.as_markdown import OWN_FIELDS, as_markdown, section_as_markdown
from articles.record.models import Publication
from articles.record.vocabulary import Role, SectionKind
from tests.api.test_fixtures import SERVED
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    edit,
    make_article,
    make_byline,
    make_disclaimer,
    make_on_call,
    make_source,
    publish_at_once,
    sign_as,
    teach,
)
from tests.record.test_markdown import TEXTS

NEXT_YEAR = datetime(2031, 5, 1, 12, tzinfo=UTC)
PARSER = MarkdownIt("commonmark")
MARKDOWN = "text/markdown; charset=utf-8; variant=CommonMark"
HOSTILE = "# <script>alert(1)</script> [a](javascript:b) ![c](d) **e** `f` &lt; _g_ | h"


@pytest.fixture
def document(get):
    """document(page): its Markdown."""

    def ask(page, language: str = "en") -> str:
        answer = get(f"articles/{page.slug}/?locale={language}", accept="text/markdown")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, MARKDOWN)
        return answer.content.decode()

    return ask


@pytest.fixture
def read(document):
    """read(page): the document as a reader of CommonMark shows it."""
    return lambda page, language="en": parsed(document(page, language))


def parsed(markdown: str):
    return html.fragment_fromstring(PARSER.render(markdown), create_parent="div")


def text_of(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def words_of(text: str) -> Counter:
    return Counter(re.findall(r"\w+", text))


def test_every_word_of_the_article_is_in_it(rich, read, get_json):
    shown, whole = text_of(read(rich)), get_json(f"articles/{rich.slug}/")

    sections = " ".join(text_of(html.fromstring(row["html"])) for row in whole["content"]["sections"])
    beside = " ".join(text_of(html.fromstring(row["html"])) for row in whole["content"]["disclaimers"])
    lacking = words_of(f"{whole['content']['title']} {whole['content']['summary']} {sections} {beside}")
    lacking.subtract(words_of(shown))
    assert [word for word, count in lacking.items() if count > 0] == []


@pytest.mark.parametrize("name", SERVED)
def test_a_section_says_the_same_words_as_its_html_in_the_same_order(get_json, db, name):
    article = get_json(f"fixtures/{name}/?rich_text=portable")

    for section in article["content"]["sections"]:
        listed = {str(number) for number in section.get("references", ())}
        dates = {row["source_status_since"] for row in article["content"]["references"] if row["source_status_since"]}
        shown = re.sub(
            "|".join(map(re.escape, dates)) or "$^", "", text_of(parsed(section_as_markdown(section, article)))
        )
        signed = in_words(text_of(html.fromstring(section["html"])))
        added = difference(in_words(shown), signed)
        assert [word for word in added if word not in listed] == [], section["kind"]


@pytest.mark.parametrize("name", SERVED)
def test_the_document_says_what_the_html_says_in_its_order(get_json, db, name):
    article = get_json(f"fixtures/{name}/?rich_text=portable")
    content = article["content"]

    parts = [row["html"] for row in (*content["sections"], *content["disclaimers"]) if row["html"]]
    signed = [content["title"], content["summary"], *(text_of(html.fromstring(part)) for part in parts)]
    difference(in_words(text_of(parsed(as_markdown(article)))), in_words(" ".join(signed)))


def in_words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def difference(longer: list[str], shorter: list[str]) -> list[str]:
    """What the longer text has beside the shorter one, all of whose words it has in their order."""
    rest, added = iter(shorter), []
    wanted = next(rest, None)
    for word in longer:
        if word == wanted:
            wanted = next(rest, None)
        else:
            added.append(word)
    assert wanted is None, [wanted, *rest][:10]
    return added


def test_it_begins_with_the_title_and_has_its_headings_in_order(rich, read):
    heads = [(head.tag, text_of(head)) for head in read(rich).iter("h1", "h2", "h3")]

    assert heads[0] == ("h1", rich.title)
    assert [text for tag, text in heads if tag == "h2"] == [
        *("Symptoms", "Mechanism", "Questions and answers", "When to seek help", "What causes it?", "Does it help?"),
        *("Risks", "In short", "Sources", "What this is about", "Please note"),
    ]
    assert ("h3", "Does it spread?") in heads and ("h3", "Side effects and harms") in heads


def test_every_kind_of_section_with_fields_of_its_own_is_written():
    plain = {SectionKind.INTRODUCTION, SectionKind.PROSE, SectionKind.CONCLUSION}

    assert set(OWN_FIELDS) == set(SectionKind.values) - plain


def test_it_says_who_reviewed_the_article_when_and_when_again(rich, document, get_json):
    review = get_json(f"articles/{rich.slug}/")["review"]

    head = document(rich).partition("![")[0]
    assert "Medically reviewed by **Dr Ada Reviewer, MD (Dermatology)**" in head
    assert f"Last reviewed {review['last_reviewed_on']}, next review {review['next_review_on']}" in head


def test_an_overdue_review_is_said_first(recorded, get, set_clock):
    set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    text = get(f"articles/{recorded.slug}/", accept="text/markdown").content.decode()

    assert "**Review overdue. The date of the next review has passed.**" in text
    notice = re.search(
        r"^\*\*The review is overdue \(\d{4}-\d\d-\d\d\)\.\*\* The review of this article is overdue\.$", text, re.M
    )
    assert notice and notice.start() < text.index("Medically reviewed by")


def test_an_emergency_is_said(people, document):
    page = make_article(by=people.author)
    publish_at_once(page, make_on_call())

    text = document(page)

    assert re.search(r"^\*\*Published in an emergency\. One clinician has reviewed .*\*\*$", text, re.M)
    assert "Published in an emergency after review by one clinician." in text


def test_a_safety_notice_stands_above_the_text(rich, read):
    said = "Do not use lot 7. *Not* [this](x) <b>one</b>."
    notices.give(articles=[rich.article_id], texts={"en": said}, user=make_on_call(), password=PASSWORD)

    paragraphs = [text_of(each) for each in read(rich).iter("p")]

    assert paragraphs[0].startswith("Safety notice (") and paragraphs[0].endswith(said)


def test_a_correction_is_said(rich, people, publish, document):
    publish(edit(rich, by=people.author, summary="Corrected.", change_note="The dose was wrong.", is_correction=True))

    assert re.search(r"^\*\*Correction \(\d{4}-\d\d-\d\d\)\.\*\* The dose was wrong\.$", document(rich), re.M)


@pytest.mark.parametrize(
    ("status", "word"),
    [("retracted", "Retracted"), ("expression-of-concern", "Expression of concern"), ("corrected", "Corrected")],
)
def test_a_questioned_source_is_marked(article, read, lead, django_capture_on_commit_callbacks, status, word):
    source = make_source(doi="10.1000/a", pmid="77")
    page = article(body=complete_body(source))

    with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
        source.status = status
        source.save()
    shown = read(page)

    (reference,) = [each for each in shown.iter("p") if text_of(each).startswith("[1]")]
    assert re.match(rf"\[1\] {word} \(\d{{4}}-\d\d-\d\d\)\. Doe J\.", text_of(reference))
    assert [link.get("href") for link in reference.iter("a") if link.get("href")] == [
        "https://doi.org/10.1000/a",
        "https://pubmed.ncbi.nlm.nih.gov/77/",
    ]
    at_claims = [text_of(each) for each in shown.iter("sup")]
    assert all((word in text) == (status != "corrected") for text in at_claims) and at_claims


def test_a_link_to_a_reference_or_a_section_leads_to_its_anchor(rich, read):
    shown = read(rich)

    anchors = {each.get("id") for each in shown.iter("a") if each.get("id")}
    assert {each.get("href").removeprefix("#") for each in shown.iter("a") if each.get("href", "").startswith("#")} == {
        "reference-1"
    }
    assert "reference-1" in anchors and sum(name.startswith("section-") for name in anchors) >= 10


def test_who_paid_and_who_wrote_it_are_said(article, document):
    text = document(article(sponsorship="Paid for by *Scalp* Ltd.", authors=make_byline(), audience="clinician"))

    assert "**Funding:** Paid for by \\*Scalp\\* Ltd." in text
    assert re.search(r"^By Author \d+$", text, re.M) and "*Clinicians*" in text


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"ai_use": "none"}, "**Use of AI:** Written without AI tools"),
        (
            {"ai_use": "translated", "ai_tool": "Tool 1"},
            "**Use of AI:** Translated by an AI tool and edited by people (Tool 1)",
        ),
    ],
)
def test_the_declared_use_of_ai_is_said(article, document, given, line):
    assert line in document(article(**given))


def test_of_ai_nothing_is_said_that_nobody_declared(article, document):
    assert "AI" not in document(article())


def test_all_disclaimers_are_below_the_text(people, article, read):
    texts = ("<p>First.</p><ul><li>one</li></ul>", "<ul><li>two</li></ul>")
    given = [make_disclaimer(by=people.author, text=text) for text in texts]
    for disclaimer in given:
        sign_as(disclaimer, people.reviewer, Role.MEDICAL)

    shown = read(article(disclaimers=given))

    assert [text_of(each) for each in shown.iter("ul")][-2:] == ["one", "two"]
    assert text_of(shown).index("Sources") < text_of(shown).index("First.")


def test_an_offer_is_shown_with_who_earns_from_it(article, sign_offer, document):
    offer = sign_offer(disclosure="We earn from this.")

    text = document(article(body=complete_body(make_source(), offer)))

    assert "[Book a consultation](https://example.org/book)\n\n*We earn from this.*" in text


def test_an_offer_for_some_markets_is_not_shown(article, sign_offer, document):
    offer = sign_offer(scope_markets=json.dumps([{"type": "market", "value": "US"}]))

    text = document(article(body=complete_body(make_source(), offer)))

    assert offer.label not in text and "example.org/book" not in text
    assert "Questions?" in text


def test_it_says_where_it_comes_from(rich, document, get_json):
    whole = get_json(f"articles/{rich.slug}/")

    _, _, foot = document(rich).rpartition("\n---\n")
    assert f"]({whole['web_url']})" in foot and f"]({whole['url']})" in foot
    assert f"Edition 1, published on {whole['edition']['published_at'][:10]}." in foot
    assert whole["edition"]["digests"]["medical"] in foot


def test_related_articles_are_linked(article, document):
    target = article(title="Another_one_")

    text = document(article(related=[RelatedArticle(article=target)]))

    assert f"- [Another\\_one\\_](http://testserver/read/en/{target.slug}/)" in text


def test_substances_come_with_their_regulatory_status(rich, document):
    assert "- **sirolimus** (RxNorm 35302). US: Licensed, but not for this use (off-label)" in document(rich)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            (
                "Medizinisch geprüft von",
                "Nebenwirkungen",
                "Zuletzt geprüft am",
                "Dieser Artikel als JSON",
                "Ausgabe 1,",
            ),
        ),
        ("es", ("Revisión médica a cargo de", "Efectos adversos", "Este artículo en JSON", "Edición 1,")),
        ("fr", ("Medically reviewed by", "Side effects", "Edition 1,")),
    ],
)
def test_fixed_words_are_in_the_articles_language(people, article, document, language, said):
    teach(language, people.editor, people.reviewer)
    page = article(locale=Locale.objects.get_or_create(language_code=language)[0])

    text = document(page, language)

    assert all(words in text for words in said)


def test_a_list_after_a_list_is_one_of_its_own(article, read):
    cause = {"name": "Dandruff", "text": "", "codes": [], "citations": []}
    listed = block("causes", heading="Lists", text="<p>x</p><ul><li>one</li></ul>", items=[cause])

    shown = read(article(body=[listed, *complete_body(make_source())]))

    assert [text_of(each) for each in shown.iter("ul")][:2] == ["one", "Dandruff"]


def test_no_word_acts_as_markdown_or_html(article, read):
    item = {"name": f"cause {HOSTILE}", "text": HOSTILE, "codes": [], "citations": []}
    body = [
        block("causes", heading=f"heading {HOSTILE}", text="<p>x</p>", items=[item]),
        block("table", table={"data": [[HOSTILE, "x\n\n</table><script>y</script>"]], "table_caption": HOSTILE}),
        block("seek_help", level="urgent", signs=[HOSTILE], action=HOSTILE),
        block("faq", items=[{"question": HOSTILE, "answer": "<p>x</p>"}]),
        *complete_body(make_source(title=f"study {HOSTILE}")),
    ]
    page = article(title=f"title {HOSTILE}", summary=HOSTILE, sponsorship=HOSTILE, body=body)

    shown = read(page)

    text = text_of(shown)
    # title, summary, who paid; a heading, a cause twice; a table's cell; a sign, an action, a question; a source
    assert text.count(HOSTILE) >= 11
    assert not {"script", "img", "code", "em"} & {each.tag for each in shown.iter()}
    assert [each.get("href") for each in shown.iter("a") if "javascript" in (each.get("href") or "")] == []
    assert len(list(shown.iter("table"))) == 1


def put(article: dict, text: str) -> dict:
    """The article with the text in every place that holds plain words."""
    composed = copy.deepcopy(article)
    content = composed["content"]
    content |= {"title": text, "summary": text, "sponsorship": text}
    composed["notices"] = [{"kind": "safety", "since": "2031-05-01", "text": text, "lang": "en"}]
    composed["review"]["reviewed_by"][0] |= {"name": text, "credentials": text, "specialty": text}
    for row in content["references"]:
        row["text"]["ama"] = text
    for section in content["sections"]:
        section["heading"] = text
        for name in ("items", "steps", "findings", "effects", "cautions", "interactions"):
            for item in section.get(name, ()):
                item |= {key: text for key in PLAIN if key in item}
        if section.get("signs"):
            section |= {"signs": [text], "action": text}
        if section.get("table"):
            section["table"] |= {"caption": text, "rows": [[text]]}
        if section.get("figure"):
            section["figure"] |= {"alt": text, "caption": text, "credit": text}
        if section.get("offer"):
            section["offer"] |= {"label": text, "text": text, "disclosure": text}
    return composed


PLAIN = ("name", "text", "target", "outcome", "statement", "population", "effect", "group", "advice", "question")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS.filter(lambda text: re.search(r"\w", text)))
def test_whatever_is_written_stays_words(composed, text):
    shown, plain = (parsed(as_markdown(put(composed, words))) for words in (text, "xyzzy"))

    said = " ".join(text.split())
    assert len(re.findall(rf"(?={re.escape(said)})", text_of(shown))) >= text_of(plain).count("xyzzy") > 40
    assert [" ".join(each.get("alt").split()) for each in shown.iter("img")][1:] == [said] * 2
    assert {each.tag for each in shown.iter()} <= TAGS
    assert hrefs(shown) == hrefs(parsed(as_markdown(composed)))


TAGS = {"div", "h1", "h2", "h3", "p", "a", "strong", "em", "sup", "sub", "ul", "ol", "li", "img", "hr", "br"} | {
    *("table", "caption", "tbody", "tr", "td", "th")
}


def hrefs(element) -> list[str]:
    return [each.get("href") for each in element.iter("a")]


@pytest.fixture
def composed(rich, get_json):
    return get_json(f"articles/{rich.slug}/?rich_text=portable")


def test_control_characters_change_nothing(rich, get_json):
    composed = get_json(f"articles/{rich.slug}/?rich_text=portable")
    composed["content"]["title"] = "a\x00\x1b\r\n\n# b"
    table = next(row for row in composed["content"]["sections"] if row["kind"] == "table")
    table["table"]["rows"][0][0] = "a\r\r\n\n<b>b</b>"

    shown = parsed(as_markdown(composed).replace("\x00", "").replace("\x1b", ""))

    assert text_of(next(shown.iter("h1"))) == "a # b"
    assert text_of(next(shown.iter("th"))) == "a <b>b</b>"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/markdown", MARKDOWN),
        ("text/*", MARKDOWN),
        ("TEXT/MARKDOWN; charset=utf-8", MARKDOWN),
        ("text/markdown, text/html, */*", MARKDOWN),
        ("text/markdown, application/json;q=0.9", MARKDOWN),
        ("application/json;q=0, */*;q=0.1", MARKDOWN),
        ("text/markdown;q=0.5, application/json", "application/json"),
        ("text/markdown, application/json", "application/json"),
        ("text/markdown;q=0, */*", "application/json"),
        ("*/*", "application/json"),
        ("application/*, text/*;q=0.9", "application/json"),
        ("", "application/json"),
    ],
)
def test_the_client_gets_what_it_likes_best(recorded, get, accept, kind):
    answer = get(f"articles/{recorded.slug}/", accept=accept)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("accept", ["text/html", "text/markdown;q=0", "application/xml, text/plain", "*/*;q=0"])
def test_what_nobody_serves_is_not_acceptable(recorded, require_problem, accept):
    problem = require_problem(f"articles/{recorded.slug}/", 406, "not-acceptable", accept=accept)

    assert problem["detail"] == "This address serves application/json and text/markdown; accept one of them."


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_every_form_says_what_it_varies_with(recorded, get, form):
    assert get(f"articles/{recorded.slug}/?rich_text={form}").headers["Vary"] == "Accept, Accept-Encoding"


def test_each_representation_has_an_etag_of_its_own(recorded, get):
    url = f"articles/{recorded.slug}/"
    first, whole = get(url, accept="text/markdown"), get(url)

    again = get(url, accept="text/markdown", if_none_match=first.headers["ETag"])
    other = get(url, accept="text/markdown", if_none_match=whole.headers["ETag"])

    assert (again.status_code, again.content, again.headers["Vary"]) == (304, b"", "Accept, Accept-Encoding")
    assert other.status_code == 200
    assert get(url, if_none_match=first.headers["ETag"]).status_code == 200


def test_it_does_not_outlive_the_moment_at_which_the_clock_changes_it(recorded, get, set_clock):
    set_clock(NEXT_YEAR)
    Publication.objects.update(fresh_until=NEXT_YEAR + timedelta(seconds=20))

    answer = get(f"articles/{recorded.slug}/", accept="text/markdown")

    assert answer.headers["Cache-Control"] == "public, max-age=15"


def test_it_takes_one_query(rich, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(f"articles/{rich.slug}/", accept="text/markdown")


def test_a_withdrawn_article_gives_nothing_away(rich, people, require_problem):
    withdraw(page=rich, reason="safety", by=people.editor)

    problem = require_problem(f"articles/{rich.slug}/", 410, "withdrawn", accept="text/markdown")

    assert rich.title not in json.dumps(problem) and "Ada" not in json.dumps(problem)


def test_an_old_slug_redirects(rich, get):
    assert get(f"articles/{rich.slug.upper()}/", accept="text/markdown").status_code == 301
