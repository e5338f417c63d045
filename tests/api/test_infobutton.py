"""`infobutton/`: a code, a sub-topic, a reader and a language lead to articles or sections, as Atom or as JSON."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from lxml import etree, html
from wagtail.log_actions import LogContext
from wagtail.models import Locale

from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record.delivery.exports.knowledge import SUB_TOPICS, Entry, Feed, as_atom
from articles.record.models import Publication
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    make_article,
    make_byline,
    make_disclaimer,
    make_on_call,
    make_source,
    sign_as,
    teach,
)

ICD, RXNORM, SNOMED = "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.88", "2.16.840.1.113883.6.96"
NEXT_YEAR = datetime(2031, 5, 1, 12, tzinfo=UTC)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANGUAGE = "informationRecipient.languageCode.c"
XML = "{http://www.w3.org/XML/1998/namespace}"
HOSTILE = "</script><b>&amp; ]]> <!-- \" ' &"


def path(*criteria: tuple[str, str], **more: str) -> str:
    """infobutton/?mainSearchCriteria.v.c=…&…; dots are written as __ in keywords."""
    given = {}
    for at, (system, code) in enumerate(criteria):
        number = at or ""
        given |= {f"mainSearchCriteria.v.c{number}": code, f"mainSearchCriteria.v.cs{number}": system}
    return "infobutton/?" + urlencode(given | {name.replace("__", "."): value for name, value in more.items()})


@pytest.fixture
def ask(get_json):
    """ask((system, code), …): the entries, as JSON."""

    def question(*criteria, **more):
        return get_json(path(*criteria, knowledgeResponseType="application/json", **more))["feed"]["entry"]

    return question


@pytest.fixture
def article(people, publish):
    """article("L65.9"): published, with this code of ICD-10-CM."""

    def make(code: str = "L65.9", system: str = "icd-10-cm", **fields):
        codes = json.dumps([{"type": "code", "value": {"system": system, "code": code, "display": ""}}])
        return publish(make_article(by=people.author, codes=codes, **fields))

    return make


def titles(entries: list[dict]) -> list[str]:
    return [entry["title"]["_value"] for entry in entries]


def words_of(entry: dict) -> str:
    return " ".join(" ".join(html.fromstring(entry["summary"]["_value"]).itertext()).split())


def read_atom(content: bytes):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (ICD, "L65.9"),
        (f"urn:oid:{ICD}", "L65.9"),
        ("icd-10-cm", "L65.9"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "l659"),
        (RXNORM, "35302"),
    ],
)
def test_a_code_finds_the_articles_on_it(rich, ask, system, code):
    assert titles(ask((system, code))) == [rich.title]


@pytest.mark.parametrize(
    ("system", "code"), [(ICD, "L66"), (SNOMED, "35302"), ("2.16.840.1.113883.6.69", "L65.9"), ("of-nobody", "L65.9")]
)
def test_what_no_article_is_on_is_an_empty_feed(rich, get, ask, system, code):
    assert ask((system, code)) == []
    assert get(path((system, code))).status_code == 200


def test_an_article_on_a_category_answers_for_what_is_below_it_and_not_the_other_way_round(article, ask):
    wide, narrow = article("L65"), article("L65.0")

    assert titles(ask((ICD, "L65.9"))) == [wide.title]
    assert titles(ask((ICD, "L65"))) == [wide.title]
    assert set(titles(ask((ICD, "L65.0")))) == {wide.title, narrow.title}


def test_several_codes_find_the_articles_on_any_of_them(article, ask):
    first, second, _ = article("L65"), article("L20"), article("L30")

    assert set(titles(ask((ICD, "L65"), (ICD, "L20"), (ICD, "Z99")))) == {first.title, second.title}


@pytest.mark.parametrize(
    ("recipient", "found"), [("PAT", {"patient"}), ("PROV", {"clinician"}), ("PAYOR", {"patient", "clinician"})]
)
def test_the_reader_chooses_the_audience(article, ask, recipient, found):
    by_title = {article(audience=audience).title: audience for audience in ("patient", "clinician")}

    assert {by_title[title] for title in titles(ask((ICD, "L65.9"), informationRecipient=recipient))} == found


@pytest.mark.parametrize(
    ("language", "found"), [("en", ["en"]), ("es", ["es"]), ("es-US", ["es"]), ("ES", ["es"]), ("fr", [])]
)
def test_the_language_chooses_the_translation(people, article, ask, language, found):
    teach("es", people.editor, people.reviewer)
    article(), article(locale=Locale.objects.get_or_create(language_code="es")[0])

    entries = ask((ICD, "L65.9"), informationRecipient__languageCode__c=language)

    assert [entry["lang"] for entry in entries] == found


@pytest.mark.parametrize(
    ("topic", "heading", "words"),
    [
        ("Q000209", "What causes it?", "Dandruff"),
        ("Q000494", "", "Inhibits mTOR"),
        ("Q000009", "Risks", "Irritation"),
        ("Q000744", "Risks", "Pregnancy"),
    ],
)
def test_a_sub_topic_leads_to_the_section(rich, ask, get_json, topic, heading, words):
    whole = get_json(f"articles/{rich.slug}/")

    (entry,) = ask((ICD, "L65.9"), subTopic__v__c=topic, subTopic__v__cs="2.16.840.1.113883.6.177")

    kind = SUB_TOPICS[topic].kind
    section = next(row for row in whole["content"]["sections"] if row["kind"] == kind)
    assert entry["title"]["_value"] == (f"{rich.title}: {heading}" if heading else rich.title)
    assert entry["link"][0]["href"] == f"{whole['web_url']}#section-{section['id']}"
    assert section["html"] in entry["summary"]["_value"] and words in words_of(entry)
    assert entry["id"]["_value"] != f"urn:uuid:{whole['id']}"


@pytest.mark.parametrize(("aspect", "topic"), [("treatment", "Q000628"), ("prognosis", "D011379")])
def test_a_sub_topic_finds_prose_on_its_aspect(article, ask, aspect, topic):
    prose = block("prose", heading="What helps", text="<p>Rest.</p>", aspect=aspect)
    page = article(body=[prose, *complete_body(make_source())])

    assert titles(ask((ICD, "L65.9"), subTopic__v__c=topic)) == [f"{page.title}: What helps"]


def test_an_article_without_a_section_on_the_sub_topic_is_no_answer(rich, ask):
    assert ask((ICD, "L65.9"), subTopic__v__c="D004347") == []  # risks, and no interactions
    assert ask((ICD, "L65.9"), subTopic__v__c="D011379") == []


def test_interactions_are_found_where_there_are_some(article, ask):
    interaction = {"name": "Grapefruit", "advice": "Avoid it.", "citations": []}
    risks = block("risks", heading="Mixing", text="<p>x</p>", effects=[], cautions=[], interactions=[interaction])
    page = article(body=[risks, *complete_body(make_source())])

    assert titles(ask((ICD, "L65.9"), subTopic__v__c="D004347")) == [f"{page.title}: Mixing"]


def test_several_sub_topics_give_the_sections_of_each(rich, ask):
    entries = ask((ICD, "L65.9"), subTopic__v__c="Q000209", subTopic__v__c1="Q000009")

    assert titles(entries) == [f"{rich.title}: What causes it?", f"{rich.title}: Risks"]


def test_a_sub_topic_that_we_do_not_know_narrows_nothing(rich, ask):
    assert titles(ask((ICD, "L65.9"), subTopic__v__c="Q999999")) == [rich.title]


@pytest.mark.parametrize("topic", [{}, {"subTopic__v__c": "Q000009"}])
def test_every_entry_says_what_readers_must_see(people, article, ask, get_json, topic):
    disclaimer = make_disclaimer(by=people.author, text="<p>No advice at all.</p>")
    sign_as(disclaimer, people.reviewer, "medical")
    page = article(sponsorship="Paid for by Scalp Ltd.", disclaimers=[disclaimer], authors=make_byline())
    notices.give(articles=[page.article_id], texts={"en": "Do not use lot 7."}, user=make_on_call(), password=PASSWORD)
    review = get_json(f"articles/{page.slug}/")["review"]

    (entry,) = ask((ICD, "L65.9"), **topic)

    said = words_of(entry)
    assert said.startswith("Safety notice (") and "Do not use lot 7." in said
    assert "Medically reviewed by Dr Ada Reviewer, MD (Dermatology)" in said
    assert f"Last reviewed {review['last_reviewed_on']}, next review {review['next_review_on']}" in said
    assert "Funding: Paid for by Scalp Ltd." in said
    assert "No advice at all." in said
    assert ("A study of scalps" in said) == bool(topic)
    assert [row["name"]["_value"] for row in entry["contributor"]] == ["Dr Ada Reviewer, MD"]
    assert len(entry["author"]) == 1


def test_a_retracted_source_is_marked_in_a_section(article, ask, lead, django_capture_on_commit_callbacks):
    source = make_source()
    article(body=complete_body(source))
    with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
        source.status = "retracted"
        source.save()

    (entry,) = ask((ICD, "L65.9"), subTopic__v__c="Q000009")

    assert "Reference 1 has been retracted." in words_of(entry)
    assert entry["summary"]["_value"].count('<strong class="source-retracted">Retracted</strong>') == 2


def test_the_feed_is_valid_atom_and_says_the_same_as_the_json(rich, get, get_json):
    criteria = (ICD, "L65.9")
    answer = get(path(criteria))
    feed = read_atom(answer.content)
    whole = get_json(path(criteria, knowledgeResponseType="application/json"))["feed"]

    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for place in (feed, *feed.findall("a:entry", ATOM)):
        assert [len(place.findall(f"a:{name}", ATOM)) for name in ("title", "id", "updated")] == [1, 1, 1]
        assert UUID(place.find("a:id", ATOM).text)
        assert datetime.fromisoformat(place.find("a:updated", ATOM).text).tzinfo == UTC
    assert feed.find("a:author/a:name", ATOM).text == "Vetted"
    assert feed.find("a:link[@rel='self']", ATOM).get("href") == f"http://testserver/api/v1/{path(criteria)}"
    assert {row.get("scheme"): row.get("term") for row in feed.findall("a:category", ATOM)} == {
        row["scheme"]: row["term"] for row in whole["category"]
    }
    (entry,), (same,) = feed.findall("a:entry", ATOM), whole["entry"]
    assert entry.find("a:summary", ATOM).text == same["summary"]["_value"]
    assert entry.find("a:title", ATOM).text == same["title"]["_value"]
    links = [[row.get(key) for key in ("type", "href", "hreflang")] for row in entry.findall("a:link", ATOM)]
    assert links == [[row[key] for key in ("type", "href", "hreflang")] for row in same["link"]]
    assert (entry.get(f"{XML}lang"), entry.get(f"{XML}base")) == (same["lang"], same["base"])
    assert entry.find("a:contributor/a:name", ATOM).text == "Dr Ada Reviewer, MD"


def test_an_empty_feed_is_valid_too(db, get):
    feed = read_atom(get(path((ICD, "Z99"))).content)

    assert feed.find("a:updated", ATOM).text.endswith("T00:00:00Z") and feed.findall("a:entry", ATOM) == []


@pytest.mark.parametrize(
    ("response", "accept", "kind"),
    [
        (None, None, "application/atom+xml"),
        (None, "*/*", "application/atom+xml"),
        (None, "application/json", "application/json"),
        (None, "text/xml", "application/atom+xml"),
        ("application/json", "text/html", "application/json"),
        ("text/xml", "application/json", "application/atom+xml"),
        ("application/atom+xml", None, "application/atom+xml"),
        ("application/xml", None, "application/atom+xml"),
    ],
)
def test_the_response_type_decides_and_else_accept(db, get, response, accept, kind):
    headers = {"accept": accept} if accept else {}
    more = {"knowledgeResponseType": response} if response else {}

    answer = get(path((ICD, "L65.9"), **more), **headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Vary"] == "Accept"


def test_what_nobody_serves_is_not_acceptable(db, require_problem):
    require_problem(path((ICD, "L65.9")), 406, "not-acceptable", accept="text/html")


STANDARD = {
    "mainSearchCriteria.v.dn": "Hair loss",
    "mainSearchCriteria.v.ot": "hair",
    "taskContext.c.c": "PROBLISTREV",
    "patientPerson.administrativeGenderCode.c": "F",
    "age.v.v": "42",
    "age.v.u": "a",
    "ageGroup.v.c": "D008875",
    "performer": "PROV",
    "performer.languageCode.c": "en",
    "informationRecipient.healthCareProvider.c.c": "200000000X",
    "encounter.c.c": "AMB",
    "observation.v.v": "7",
    "severityObservation.interpretationCode.c": "H",
    "representedOrganization.id.root": "1.2.3",
    "serviceDeliveryLocation.id.root": "1.2.3",
    "locationOfInterest.addr.postalCode": "12345",
    "knowledgeRequestNotification.effectiveTime.v": "20310501",
    "holder.assignedEntity.n": "us",
    "executionMode": "1",
    "xsltTransform": "x",
    "subTopic.v.c": "",
    "informationRecipient": "",
}


def test_what_the_standard_has_and_we_do_not_use_is_accepted(rich, ask):
    assert titles(ask((ICD, "L65.9"), **{name.replace(".", "__"): value for name, value in STANDARD.items()})) == [
        rich.title
    ]


def test_the_answer_repeats_the_parameters_that_it_goes_by_and_nothing_of_the_patient(rich, get_json):
    more = STANDARD | {"subTopic.v.c": "Q000009", "informationRecipient": "PAT", LANGUAGE: "en"}
    url = path((ICD, "L65.9"), knowledgeResponseType="application/json", **more)

    echoed = {row["scheme"]: row["term"] for row in get_json(url)["feed"]["category"]}

    assert echoed == {
        "mainSearchCriteria.v.c": "L65.9",
        "mainSearchCriteria.v.cs": ICD,
        "mainSearchCriteria.v.dn": "Hair loss",
        "subTopic.v.c": "Q000009",
        "informationRecipient": "PAT",
        LANGUAGE: "en",
    } | {name: text for name, text in STANDARD.items() if text and name.startswith(("mainSearch", "subTopic"))}


@pytest.mark.parametrize(
    ("more", "name", "code"),
    [
        ({"q": "hair"}, "q", "not-a-parameter"),
        ({"mainSearchCriteria.v.x": "1"}, "mainSearchCriteria.v.x", "not-a-parameter"),
        ({"mainSearchCriteria.v.c٣": "1"}, "mainSearchCriteria.v.c٣", "not-a-parameter"),
        ({"informationRecipient": "DOG"}, "informationRecipient", "invalid-parameter"),
        ({"knowledgeResponseType": "text/html"}, "knowledgeResponseType", "invalid-parameter"),
        ({"informationRecipient.languageCode.c": "e n"}, "informationRecipient.languageCode.c", "invalid-parameter"),
        ({"mainSearchCriteria.v.c5": "L65"}, "mainSearchCriteria.v.cs5", "invalid-parameter"),
        ({"mainSearchCriteria.v.dn": "x" * 256}, "mainSearchCriteria.v.dn", "invalid-parameter"),
        ({"mainSearchCriteria.v.dn": "a\x00b"}, "mainSearchCriteria.v.dn", "invalid-parameter"),
    ],
)
def test_other_parameters_and_values_are_refused(db, require_problem, more, name, code):
    url = f"{path((ICD, 'L65.9'))}&{urlencode(more)}"

    assert [error["parameter"] for error in require_problem(url, 400, code)["errors"]] == [name]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"informationRecipient": "PAT"},
        {"mainSearchCriteria.v.dn": "Hair loss"},
        {"mainSearchCriteria.v.c": "", "mainSearchCriteria.v.cs": ICD},
        {"mainSearchCriteria.v.cs1": ICD, "subTopic.v.c": "Q000009"},
    ],
    ids=str,
)
def test_a_request_without_a_code_is_refused(db, require_problem, more):
    problem = require_problem(f"infobutton/?{urlencode(more)}", 400, "invalid-parameter")

    said = {"parameter": "mainSearchCriteria.v.c", "code": "required", "detail": problem["detail"]}
    assert problem["errors"] == [said]
    assert said["detail"] == "Give a code in mainSearchCriteria.v.c."


def test_a_code_that_cannot_be_read_is_not_missing_too(db, require_problem):
    (error,) = require_problem(f"infobutton/?mainSearchCriteria.v.c={'x' * 256}", 400, "invalid-parameter")["errors"]

    assert error["code"] == "length"


def test_a_repeated_parameter_is_refused(db, require_problem):
    url = f"{path((ICD, 'L65.9'))}&mainSearchCriteria.v.c=L20"

    assert require_problem(url, 400, "invalid-parameter")["errors"][0]["code"] == "repeated"


def test_there_are_at_most_twenty_codes(db, require_problem, get):
    assert get(path(*((ICD, f"L{number}") for number in range(20)))).status_code == 200
    require_problem(path(*((ICD, f"L{number}") for number in range(21))), 400, "invalid-parameter")


def test_at_most_twenty_articles_are_given(recorded, shelve, ask):
    for _ in range(21):
        shelve(facets={"code": "icd-10-cm|L65.9"})

    entries = ask((ICD, "L65.9"))

    assert len({entry["id"]["_value"] for entry in entries}) == len(entries) == 20


@pytest.mark.parametrize("form", ["text/xml", "application/json"])
def test_it_takes_one_query(rich, get, django_assert_num_queries, form):
    with django_assert_num_queries(1):
        get(path((ICD, "L65.9"), (RXNORM, "35302"), informationRecipient="PAT", knowledgeResponseType=form))


def test_what_the_client_holds_is_not_sent_again(rich, get):
    url = path((ICD, "L65.9"))
    first = get(url)

    again = get(url, if_none_match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Surrogate-Key"].split() == ["articles", str(rich.article_id), "all"]
    assert first.headers["ETag"] != get(path((ICD, "L65.9"), knowledgeResponseType="application/json")).headers["ETag"]


def test_it_does_not_outlive_the_moment_at_which_the_clock_changes_it(rich, get, set_clock):
    set_clock(NEXT_YEAR)
    Publication.objects.update(fresh_until=NEXT_YEAR + timedelta(seconds=20))

    assert get(path((ICD, "L65.9"))).headers["Cache-Control"] == "public, max-age=15"


def test_a_late_entry_says_that_the_review_is_overdue(rich, ask, set_clock):
    set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    (entry,) = ask((ICD, "L65.9"))

    assert "Review overdue. The date of the next review has passed." in words_of(entry)
    assert "The review of this article is overdue." in words_of(entry)


@pytest.mark.parametrize("topic", [{}, {"subTopic__v__c": "Q000009"}])
def test_a_withdrawn_article_is_in_no_feed(rich, people, ask, topic):
    withdraw(page=rich, reason="safety", by=people.editor)

    assert ask((ICD, "L65.9"), **topic) == []


def test_a_withheld_article_is_in_no_feed(rich, ask, set_clock):
    set_clock(NEXT_YEAR)
    Publication.objects.update(after_grace="withhold", grace_ends_at=NEXT_YEAR - timedelta(seconds=1))

    assert ask((ICD, "L65.9")) == []


@pytest.mark.parametrize("form", ["text/xml", "application/json"])
def test_no_word_acts_as_markup(article, get, form):
    prose = block("prose", heading=f"H {HOSTILE}", text="<p>x</p>", aspect="treatment")
    page = article(title=f"T {HOSTILE}", summary=f"S {HOSTILE}", body=[prose, *complete_body(make_source())])

    for topic in ({}, {"subTopic__v__c": "Q000628"}):
        content = get(
            path((ICD, "L65.9"), mainSearchCriteria__v__dn=HOSTILE, knowledgeResponseType=form, **topic)
        ).content
        if form == "text/xml":
            feed = read_atom(content)
            title, summary = feed.find("a:entry/a:title", ATOM).text, feed.find("a:entry/a:summary", ATOM).text
            assert HOSTILE in [row.get("term") for row in feed.findall("a:category", ATOM)]
        else:
            (entry,) = json.loads(content)["feed"]["entry"]
            title, summary = entry["title"]["_value"], entry["summary"]["_value"]
        assert title == (f"{page.title}: H {HOSTILE}" if topic else page.title)
        shown = html.fromstring(summary)
        assert (f"H {HOSTILE}" if topic else f"S {HOSTILE}") in "".join(shown.itertext())
        assert not {"script", "b"} & {each.tag for each in shown.iter()}


def test_what_xml_has_no_character_for_is_replaced():
    moment, key = datetime(2031, 5, 1, tzinfo=UTC), UUID(int=1)
    sign = "a\x00\x0b\x1b\ufffe\ud800b <&>"
    entry = Entry(key, "en", sign, "https://e.org/", "https://e.org/", "https://e.org/", moment, (sign,), (), sign)
    feed = Feed(
        key, "https://e.org/", "https://e.org/", "Vetted", moment, (("mainSearchCriteria.v.dn", sign),), (entry,)
    )

    found = read_atom(as_atom(feed))

    said = "a\ufffd\ufffd\ufffd\ufffd\ufffdb <&>"
    assert found.find("a:entry/a:title", ATOM).text == said
    assert found.find("a:category", ATOM).get("term") == said


def test_a_control_character_in_the_request_cannot_break_the_feed(db, get):
    answer = get(path((ICD, "Z99"), mainSearchCriteria__v__dn="a\x1b\x0bb"))

    assert read_atom(answer.content).findall("a:category", ATOM)[-1].get("term") == "a\ufffd\ufffdb"
