"""What became of a work, as recorded by Crossref, PubMed and Retraction Watch."""

import json
import xml.etree.ElementTree as ET

import pytest

from articles.record.vocabulary import SourceStatus
from articles.sources.watch import (
    Standing,
    Update,
    gravest,
    next_cochrane_version,
    standing_of,
    standing_of_article,
    standing_of_work,
)

STANDING, CORRECTED, SUPERSEDED, CONCERN, RETRACTED = (
    SourceStatus.STANDING,
    SourceStatus.CORRECTED,
    SourceStatus.SUPERSEDED,
    SourceStatus.CONCERN,
    SourceStatus.RETRACTED,
)


def work(*updates, **fields):
    listed = [
        {"type": kind, "DOI": doi, "updated": {"date-parts": [parts]} if parts else None, "source": source}
        for kind, doi, parts, source in updates
    ]
    return {"DOI": "10.1000/a", "updated-by": listed} | fields


@pytest.mark.parametrize(
    ("updates", "status", "count"),
    [
        ([], STANDING, 0),
        ([("retraction", "10.1000/n", [2010, 2, 6], "publisher")], RETRACTED, 1),
        (
            [
                ("retraction", "10.1000/n", [2010, 2, 6], "publisher"),
                ("retraction", "10.1000/N", [2010, 2], "retraction-watch"),
            ],
            RETRACTED,
            1,
        ),
        ([("Expression of Concern", "10.1000/n", None, "publisher")], CONCERN, 1),
        ([("expression_of_concern", "10.1000/n", None, "publisher")], CONCERN, 1),
        ([("erratum", "10.1000/n", None, "publisher")], CORRECTED, 1),
        ([("corrigendum", "10.1000/n", [2015], "publisher")], CORRECTED, 1),
        ([("correction", "10.1000/a", [2015], "publisher")], CORRECTED, 1),
        ([("withdrawal", "10.1000/n", None, "publisher")], RETRACTED, 1),
        ([("partial_retraction", "10.1000/n", None, "publisher")], CONCERN, 1),
        ([("retraction", "", None, "publisher"), ("retraction", "10.1000/n", None, "retraction-watch")], RETRACTED, 1),
        (
            [("retraction", "10.1000/n", [2015, 1], "publisher"), ("reinstatement", "10.1000/r", [2016], "publisher")],
            STANDING,
            2,
        ),
        (
            [("reinstatement", "10.1000/r", [2014], "publisher"), ("retraction", "10.1000/n", [2015], "publisher")],
            RETRACTED,
            2,
        ),
        ([("retraction", "10.1000/n", None, ""), ("reinstatement", "10.1000/r", None, "")], RETRACTED, 2),
        (
            [
                ("correction", "10.1000/c", [2013], "publisher"),
                ("retraction", "10.1000/n", [2015], "publisher"),
                ("reinstatement", "10.1000/r", [2016, 2], "retraction-watch"),
            ],
            CORRECTED,
            3,
        ),
        ([("a kind of tomorrow", "10.1000/n", None, "publisher")], STANDING, 0),
    ],
)
def test_what_crossref_says_about_a_work_gives_its_status(updates, status, count):
    standing = standing_of_work(work(*updates))

    assert (standing.status, len(standing.updates)) == (status, count)


@pytest.mark.parametrize(
    "fields",
    [
        {"updated-by": None},
        {"updated-by": "x"},
        {"updated-by": [5, {}, {"type": 5}]},
        {"relation": {"is-replaced-by": 1}},
    ],
)
def test_what_is_no_update_says_nothing(fields):
    assert standing_of_work({"DOI": "10.1000/a"} | fields) == Standing()


@pytest.mark.parametrize("kind", ["new_version", "new_edition", "New Version"])
def test_a_newer_version_supersedes_the_work(kind):
    standing = standing_of_work(work((kind, "10.1000/a.v2", [2020], "publisher")))

    assert (standing.status, standing.notice) == (SUPERSEDED, "10.1000/a.v2")


def test_the_notice_is_the_latest_of_the_gravest_status():
    said = [
        ("correction", "10.1000/c2", [2022], "publisher"),
        ("retraction", "10.1000/r1", [2019], "publisher"),
        ("retraction", "10.1000/r2", [2020], "retraction-watch"),
        ("new_version", "10.1000/a.v2", [2023], "publisher"),
    ]

    assert standing_of_work(work(*said)).notice == "10.1000/r2"
    assert standing_of_work(work(said[0], said[3])).status == SUPERSEDED


def test_a_work_that_was_replaced_is_superseded():
    relation = {"is-replaced-by": [{"id-type": "doi", "id": "10.1000/B"}, {"id": "10.1000/a"}]}

    assert standing_of_work(work(relation=relation)).notice == "10.1000/b"


def test_the_newer_version_of_a_cochrane_review_is_its_highest():
    review = "10.1002/14651858.cd001869"
    versions = [("new_version", f"{review}.pub{number}", [2000 + number], "publisher") for number in (4, 10, 5)]

    assert standing_of_work(work(*versions)).notice == f"{review}.pub10"


@pytest.mark.parametrize(
    ("doi", "following"),
    [
        ("10.1002/14651858.CD001942", "10.1002/14651858.cd001942.pub2"),
        ("10.1002/14651858.cd001942.pub9", "10.1002/14651858.cd001942.pub10"),
        ("10.1000/a", ""),
    ],
)
def test_the_next_version_of_a_cochrane_review_has_a_known_doi(doi, following):
    assert next_cochrane_version(doi) == following


def test_a_recorded_notice_says_nothing_about_itself(shared):
    lines = (shared / "data/citations/crossref_works.jsonl").read_text(encoding="utf-8").splitlines()
    notices = [work for line in lines if (work := json.loads(line)["work"]).get("update-to")]

    assert {standing_of_work(notice).status for notice in notices} == {STANDING}
    assert len(notices) == 7


def as_updated_by(line):
    """A recorded update of Open Retractions as Crossref shows it on the work."""
    updates = [
        {"type": update["type"], "DOI": update["identifier"]["doi"], "updated": {}} for update in line["updates"]
    ]
    return {"DOI": line["identifier"]["doi"], "updated-by": [*updates, *updates]}


@pytest.mark.parametrize("file", ["retractions_openretractions", "retractions_rapamycin_mtor"])
def test_every_recorded_kind_of_update_has_its_status(shared, file):
    lines = (shared / f"data/citations/{file}.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {
        **dict.fromkeys(("retraction", "withdrawal"), RETRACTED),
        **dict.fromkeys(("erratum", "correction", "corrigendum", "err"), CORRECTED),
        "expression_of_concern": CONCERN,
    }

    seen = 0
    for line in map(json.loads, lines):
        standing = standing_of_work(as_updated_by(line))
        assert standing.status == gravest(expected[update["type"]] for update in line["updates"])
        seen += bool(line["updates"])

    assert seen > 100


def test_every_record_of_retraction_watch_has_its_status(shared):
    lines = (shared / "data/citations/retraction_watch_sample.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {
        "Retraction": RETRACTED,
        "Expression of concern": CONCERN,
        "Correction": CORRECTED,
        "Reinstatement": STANDING,
    }
    natures = set()
    for line in map(json.loads, lines):
        nature = line["retractionnature"]
        natures.add(nature)
        update = (nature, line["retractiondoi"], [int(line["retractiondate"].split("/")[2][:4])], "retraction-watch")
        assert standing_of_work(work(update)).status == expected[nature], line

    assert {"Retraction"} <= natures <= expected.keys()


def test_the_recorded_retracted_article_of_pubmed_is_retracted(shared):
    root = ET.parse(shared / "data/citations/pubmed_xml/wakefield_9500320_abridged.xml").getroot()

    standing = standing_of_article(root.find("PubmedArticle"))

    assert standing.status == RETRACTED
    assert standing.updates == (
        Update("retraction", "20137807", "2010"),
        Update("concern", "21971344", "2011"),
    )


def test_other_recorded_articles_of_pubmed_stand(shared):
    statuses = set()
    for file in sorted((shared / "data/citations/pubmed_xml").glob("metapub_*.xml")):
        statuses |= {standing_of_article(article).status for article in ET.parse(file).getroot().iter("PubmedArticle")}

    assert statuses == {STANDING}


@pytest.mark.parametrize(
    ("links", "status", "notice"),
    [
        ([("ErratumIn", "1")], CORRECTED, "1"),
        ([("ExpressionOfConcernIn", "1")], CONCERN, "1"),
        ([("RetractionIn", "1")], RETRACTED, "1"),
        ([("UpdateIn", "1"), ("UpdateIn", "2")], SUPERSEDED, "2"),
        (
            [("CommentIn", "1"), ("RetractionOf", "2"), ("ErratumFor", "3"), ("UpdateOf", "4"), ("Cites", "5")],
            STANDING,
            "",
        ),
    ],
)
def test_what_pubmed_links_to_an_article_gives_its_status(links, status, notice):
    rows = "".join(
        f'<CommentsCorrections RefType="{kind}"><PMID>{pmid}</PMID></CommentsCorrections>' for kind, pmid in links
    )
    article = ET.fromstring(
        "<PubmedArticle><MedlineCitation><PMID>9</PMID><Article/>"
        f"<CommentsCorrectionsList>{rows}</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    )

    standing = standing_of_article(article)

    assert (standing.status, standing.notice) == (status, notice)


def test_no_update_is_no_status():
    assert standing_of([]) == Standing(STANDING, ())
