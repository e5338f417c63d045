"""`json-ld/`: schema.org's terms and no others, what readers must know, and nothing that could end a script."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from wagtail.log_actions import LogContext

from articles.publishing.withdraw import withdraw
from articles.record.delivery.exports.json_ld import (
    CODED,
    KIND_ASPECTS,
    PROSE_ASPECTS,
    SUBJECTS,
    WORKS,
    as_bytes,
    json_ld,
)
from articles.record.models import Publication
from articles.record.vocabulary import Certainty
from tests.api.schema_org import faults, supertypes, vocabulary
from tests.factories import block, complete_body, make_article, make_byline, make_source

NEXT_YEAR = datetime(2031, 5, 1, 12, tzinfo=UTC)
ATTACK = "</script><!--<script>alert(1)</script> & \\ \" '"


@pytest.fixture
def described(get_json):
    return lambda page: get_json(f"articles/{page.slug}/json-ld/")


@pytest.fixture
def article(people, publish):
    def make(**fields):
        return publish(make_article(by=people.author, **fields))

    return make


def coded(system: str, code: str, display: str = "") -> str:
    return json.dumps([{"type": "code", "value": {"system": system, "code": code, "display": display}}])


def substance(name: str, *statuses: str) -> str:
    rows = [{"type": "item", "value": {"market": "US", "status": status}} for status in statuses]
    return json.dumps([{"type": "substance", "value": {"name": name, "system": None, "code": "", "status": rows}}])


def test_every_term_is_one_of_schema_org_used_as_it_defines(rich, described):
    assert faults(described(rich)) == []
    assert vocabulary()["version"] == "30.0"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@type": "MedicalPage"}, "MedicalPage is no type"),
        ({"nextReview": "2030-01-01"}, "/nextReview is no property"),
        ({"codeValue": "L66"}, "/codeValue is no property of MedicalWebPage"),
        ({"lastReviewed": "soon"}, "/lastReviewed: 'soon' is not in ['Date']"),
        ({"medicalAudience": "https://schema.org/CausesHealthAspect"}, "is not in ['MedicalAudience'"),
        ({"image": {"@type": "Person"}}, "is not in ['ImageObject', 'URL']"),
    ],
)
def test_the_validator_finds_what_schema_org_does_not_define(rich, described, change, fault):
    (found,) = faults(described(rich) | change)

    assert fault in found


def test_every_term_that_may_be_used_exists():
    types = {*SUBJECTS.values(), *CODED.values(), *WORKS.values()}
    aspects = {f"{name}HealthAspect" for name in (*KIND_ASPECTS.values(), *PROSE_ASPECTS.values(), "SideEffects")}

    assert types <= set(vocabulary()["types"])
    assert aspects <= set(vocabulary()["members"]["HealthAspectEnumeration"])
    assert {name for name in set(SUBJECTS.values()) if "MedicalEntity" not in supertypes(name)} == set()


def test_it_says_who_reviewed_the_article_and_when(rich, described, get_json):
    whole, said = get_json(f"articles/{rich.slug}/"), described(rich)

    (reviewer,) = whole["review"]["reviewed_by"]
    assert said["reviewedBy"] == {
        "@type": "Person",
        "name": "Dr Ada Reviewer",
        "honorificSuffix": "MD",
        "knowsAbout": "Dermatology",
        "vetted:signedAt": reviewer["signed_at"],
    }
    assert said["lastReviewed"] == whole["review"]["last_reviewed_on"]
    assert said["vetted:nextReview"] == whole["review"]["next_review_on"]
    assert said["vetted:reviewStatus"] == "current"
    assert said["vetted:digests"] == {f"vetted:{part}": digest for part, digest in whole["edition"]["digests"].items()}


def test_the_article_leads_to_it_by_its_id(rich, described, get_json):
    whole = get_json(f"articles/{rich.slug}/")

    assert whole["links"]["json_ld"] == f"http://testserver/api/v1/articles/{whole['id']}/json-ld/"
    assert get_json(whole["links"]["json_ld"]) == described(rich)


def test_it_names_the_page_the_dates_and_the_language(rich, described, get_json):
    whole, said = get_json(f"articles/{rich.slug}/"), described(rich)

    assert (said["@id"], said["url"], said["identifier"]) == (whole["web_url"], whole["web_url"], whole["id"])
    assert (said["name"], said["description"]) == (rich.title, rich.summary)
    assert (said["inLanguage"], said["isAccessibleForFree"]) == ("en", True)
    assert said["datePublished"] == whole["edition"]["first_published_at"]
    assert said["dateModified"] == whole["edition"]["published_at"]
    assert said["@context"] == ["https://schema.org", {"vetted": "http://testserver/api/v1/docs/#"}]
    assert said["keywords"] == ["Hair and scalp"]
    assert said["image"]["url"].endswith((".jpg", ".png")) and said["image"]["description"] != ""


def test_it_is_about_what_the_codes_and_substances_name(rich, described):
    drug, condition = described(rich)["about"]

    assert (drug["@type"], drug["name"]) == ("Drug", "sirolimus")
    assert drug["code"] == {
        "@type": "MedicalCode",
        "codeValue": "35302",
        "codingSystem": "RxNorm",
        "inCodeSet": "urn:oid:2.16.840.1.113883.6.88",
    }
    assert drug["vetted:regulatoryStatus"] == [{"vetted:market": "US", "vetted:status": "off-label"}]
    assert (condition["@type"], condition["name"]) == ("MedicalCondition", "Hair loss")
    assert (condition["code"]["codingSystem"], condition["code"]["codeValue"]) == ("ICD-10-CM", "L65.9")


@pytest.mark.parametrize(
    ("article_type", "system", "kind"),
    [
        ("condition", "snomed-ct", "MedicalCondition"),
        ("treatment", "snomed-ct", "MedicalTherapy"),
        ("test", "mesh", "MedicalTest"),
        ("explainer", "mesh", "MedicalEntity"),
        ("explainer", "loinc", "MedicalTest"),
        ("treatment", "rxnorm", "Drug"),
        ("supplement", "rxnorm", "DietarySupplement"),
    ],
)
def test_a_code_is_of_the_kind_that_its_system_or_the_articles_type_says(
    article, described, article_type, system, kind
):
    said = described(article(article_type=article_type, codes=coded(system, "1234-5")))

    assert [row["@type"] for row in said["about"]] == [kind]
    assert faults(said) == []


@pytest.mark.parametrize(
    ("article_type", "statuses", "kind"),
    [
        ("medicine", (), "Drug"),
        ("medicine", ("supplement",), "DietarySupplement"),
        ("supplement", ("licensed",), "Drug"),
        ("supplement", (), "DietarySupplement"),
    ],
)
def test_a_substance_is_a_supplement_only_where_it_is_sold_as_one(article, described, article_type, statuses, kind):
    said = described(article(article_type=article_type, substances=substance("zinc", *statuses)))

    assert [row["@type"] for row in said["about"]] == [kind]


@pytest.mark.parametrize(("audience", "kind"), [("patient", "Patient"), ("clinician", "https://schema.org/Clinician")])
def test_the_audience_is_schema_orgs(article, described, audience, kind):
    said = described(article(audience=audience))

    found = said["medicalAudience"]
    assert (found if isinstance(found, str) else found["@type"]) == kind
    assert faults(said) == []


def test_every_section_that_must_be_shown_is_a_part(rich, described, get_json):
    sections = get_json(f"articles/{rich.slug}/")["content"]["sections"]
    parts = described(rich)["hasPart"]

    addresses = [f"{get_json(f'articles/{rich.slug}/')['web_url']}#section-{row['id']}" for row in sections]
    shown = [row for row in zip(addresses, sections, strict=True) if row[1]["kind"] not in ("cta", "sources")]
    assert [part["url"] for part in parts] == [address for address, _ in shown]
    marked = [part["url"] for part in parts if part.get("vetted:importance") == "must-show"]
    assert marked == [address for address, row in shown if row["importance"] == "must-show"] != []


def test_a_section_says_its_aspect_where_schema_org_has_one(rich, described):
    found = {part["name"]: part.get("hasHealthAspect") for part in described(rich)["hasPart"]}

    assert found["What causes it?"] == "https://schema.org/CausesHealthAspect"
    assert found["Symptoms"] == "https://schema.org/SymptomsHealthAspect"
    assert found["Risks"] == [
        "https://schema.org/RisksOrComplicationsHealthAspect",
        "https://schema.org/SideEffectsHealthAspect",
    ]
    assert found["When to seek help"] == "https://schema.org/SeeDoctorHealthAspect"
    assert found["Table"] is None


def test_a_source_has_its_identifiers(article, described):
    source = make_source(doi="10.1000/a", pmid="12345", title="A study")

    (found,) = described(article(body=complete_body(source)))["citation"]

    assert (found["@type"], found["name"], found["position"]) == ("ScholarlyArticle", "A study", 1)
    assert found["@id"].endswith("#reference-1") and found["datePublished"] == "2024"
    assert [(row["propertyID"], row["value"]) for row in found["identifier"]] == [
        ("DOI", "10.1000/a"),
        ("PMID", "12345"),
    ]
    assert found["sameAs"] == ["https://doi.org/10.1000/a", "https://pubmed.ncbi.nlm.nih.gov/12345/"]
    assert "creativeWorkStatus" not in found


KINDS = {"paper-conference": "ScholarlyArticle", "article": "ScholarlyArticle", "review": "ScholarlyArticle"} | {
    "book": "Book",
    "chapter": "Chapter",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
    "dataset": "Dataset",
    "entry-dictionary": "CreativeWork",
}


def test_a_source_is_of_the_kind_that_it_has_in_csl(rich, get_json):
    composed = get_json(f"articles/{rich.slug}/?rich_text=portable")
    first = composed["content"]["references"][0]
    kinds = ("article-journal", *KINDS)
    composed["content"]["references"] = [first | {"csl": first["csl"] | {"type": kind}} for kind in kinds]

    said = json_ld(composed, terms="https://example.org/#")

    assert [row["@type"] for row in said["citation"]] == ["ScholarlyArticle", *KINDS.values()]
    assert faults(said) == []


@pytest.mark.parametrize(
    ("issued", "said"),
    [
        ({"date-parts": [[2024, 2, 3]]}, "2024-02-03"),
        ({"date-parts": [["2024", "11"]]}, "2024-11"),
        ({"date-parts": [[]]}, None),
        ({"date-parts": [["soon"]]}, None),
        ({"date-parts": [[2024, 21]]}, None),
        ({"literal": "in spring"}, None),
        (None, None),
    ],
)
def test_the_date_of_a_source_is_a_date_or_absent(rich, get_json, issued, said):
    composed = get_json(f"articles/{rich.slug}/?rich_text=portable")
    composed["content"]["references"][0]["csl"]["issued"] = issued

    (found,) = json_ld(composed, terms="https://example.org/#")["citation"]

    assert found.get("datePublished") == said


@pytest.mark.parametrize(
    ("status", "word"),
    [("retracted", "Retracted"), ("expression-of-concern", "Expression of concern"), ("corrected", "Corrected")],
)
def test_a_questioned_source_is_marked(article, described, lead, django_capture_on_commit_callbacks, status, word):
    source = make_source()
    page = article(body=complete_body(source))

    with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
        source.status = status
        source.save()
    said = described(page)

    (found,) = said["citation"]
    assert (found["creativeWorkStatus"], found["vetted:sourceStatus"]) == (word, status)
    assert found["vetted:sourceStatusSince"]
    assert [row["vetted:kind"] for row in said.get("vetted:notices", [])] == (
        {"retracted": ["reference-retracted"], "expression-of-concern": ["reference-concern"]}.get(status, [])
    )
    assert faults(said) == []


def test_who_paid_and_who_wrote_it_are_said(article, described):
    said = described(article(sponsorship="Paid for by Scalp Ltd.", authors=make_byline()))

    assert said["vetted:sponsorship"] == "Paid for by Scalp Ltd."
    assert said["author"]["@type"] == "Person" and said["author"]["identifier"]
    assert not {"funder", "sponsor", "publisher"} & set(said)


def test_the_declared_use_of_ai_is_said(article, described):
    said = described(article(ai_use="drafted", ai_tool="Tool 1"))

    assert said["vetted:aiUse"] == "drafted"


def test_nothing_in_it_can_end_the_script_that_holds_it(article, get):
    page = article(
        title=f"T {ATTACK}",
        summary=f"S {ATTACK}",
        codes=coded("mesh", "D000</script>", f"C {ATTACK}"),
        body=[block("prose", heading=f"H {ATTACK}", text="<p>x</p>", aspect="other"), *complete_body(make_source())],
    )

    content = get(f"articles/{page.slug}/json-ld/").content.decode()

    assert not set("<>&") & set(content)
    assert json.loads(content)["name"].startswith("T </script><!--<script>alert(1)</script> &")
    assert faults(json.loads(content)) == []


def test_a_line_separator_is_escaped_too():
    assert as_bytes({"a": "\u2028\u2029"}) == b'{"a":"\\u2028\\u2029"}'


def test_it_takes_one_query(rich, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(f"articles/{rich.slug}/json-ld/")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/ld+json", "text/html, application/*;q=0.5"])
def test_it_is_json_ld_whichever_of_its_types_is_accepted(rich, get, accept):
    answer = get(f"articles/{rich.slug}/json-ld/", accept=accept)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/ld+json")


@pytest.mark.parametrize("accept", ["text/html", "application/ld+json;q=0"])
def test_another_type_is_not_acceptable(rich, require_problem, accept):
    require_problem(f"articles/{rich.slug}/json-ld/", 406, "not-acceptable", accept=accept)


def test_an_unknown_parameter_is_refused(rich, require_problem):
    require_problem(f"articles/{rich.slug}/json-ld/?rich_text=html", 400, "not-a-parameter")


def test_what_the_client_holds_is_not_sent_again(rich, get):
    first = get(f"articles/{rich.slug}/json-ld/")

    again = get(f"articles/{rich.slug}/json-ld/", if_none_match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["ETag"] != get(f"articles/{rich.slug}/").headers["ETag"]
    assert first.headers["Surrogate-Key"].split()[0] == str(rich.article_id)


def test_it_does_not_outlive_the_moment_at_which_the_clock_changes_it(recorded, get, set_clock):
    set_clock(NEXT_YEAR)
    Publication.objects.update(fresh_until=NEXT_YEAR + timedelta(seconds=20))

    assert get(f"articles/{recorded.slug}/json-ld/").headers["Cache-Control"] == "public, max-age=15"


def test_a_late_one_says_that_the_review_is_overdue(recorded, get_json, set_clock):
    set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    said = get_json(f"articles/{recorded.slug}/json-ld/")

    assert said["vetted:reviewStatus"] == "overdue"
    assert said["vetted:notices"][-1]["vetted:kind"] == "review-overdue"
    assert said["vetted:notices"][-1]["vetted:text"]["@language"] == "en"


def test_a_withdrawn_article_gives_nothing_away(rich, people, require_problem, get):
    withdraw(page=rich, reason="safety", by=people.editor)

    problem = require_problem(f"articles/{rich.slug}/json-ld/", 410, "withdrawn")

    assert rich.title not in json.dumps(problem) and "reviewedBy" not in problem
    assert Certainty.VERY_LOW not in get(f"articles/{rich.article_id}/json-ld/").content.decode()


def test_an_old_slug_redirects(rich, get):
    answer = get(f"articles/{rich.slug.upper()}/json-ld/")

    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"http://testserver/api/v1/articles/{rich.slug}/json-ld/",
    )
