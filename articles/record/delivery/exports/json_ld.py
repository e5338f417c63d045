"""A composed article (portable form) as schema.org's MedicalWebPage, for search engines and other readers of JSON-LD.
Pure.

It describes the article and does not repeat its text: it belongs on the page that shows that text. All terms are
schema.org's (version 30.0), but those of our own begin with `vetted:`. Source: https://schema.org/MedicalWebPage.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from articles.record import words
from articles.record.citations.addresses import address_of
from articles.record.delivery.content.section_media import WEBP
from articles.record.search import codes
from articles.record.vocabulary import (
    ArticleType,
    Aspect,
    Audience,
    CodeSystem,
    Importance,
    NoticeKind,
    RegulatoryStatus,
    SectionKind,
    SourceStatus,
)

Json = dict[str, Any]
SCHEMA = "https://schema.org"
SUBJECTS = {
    ArticleType.CONDITION: "MedicalCondition",
    ArticleType.TREATMENT: "MedicalTherapy",
    ArticleType.MEDICINE: "Drug",
    ArticleType.SUPPLEMENT: "DietarySupplement",
    ArticleType.TEST: "MedicalTest",
}
# What a code names, where its system has codes for one kind of thing; elsewhere the article's type says it.
CODED = {
    CodeSystem.ICD_10_CM: "MedicalCondition",
    CodeSystem.RXNORM: "Drug",
    CodeSystem.LOINC: "MedicalTest",
}
# Members of schema.org's HealthAspectEnumeration; what has none there has none here.
KIND_ASPECTS = {
    SectionKind.INTRODUCTION: "Overview",
    SectionKind.CAUSES: "Causes",
    SectionKind.MECHANISM: "HowItWorks",
    SectionKind.EVIDENCE: "Effectiveness",
    SectionKind.RISKS: "RisksOrComplications",
    SectionKind.SEEK_HELP: "SeeDoctor",
}
PROSE_ASPECTS = {
    Aspect.SYMPTOMS: "Symptoms",
    Aspect.TREATMENT: "Treatments",
    Aspect.DOSAGE: "UsageOrSchedule",
    Aspect.PREVENTION: "Prevention",
    Aspect.LIVING_WITH: "LivingWith",
    Aspect.PROGNOSIS: "Prognosis",
}
NO_HEALTH_TOPIC = (SectionKind.CTA, SectionKind.SOURCES)
# CSL's type of a source -> schema.org's.
WORKS = {
    "article-journal": "ScholarlyArticle",
    "paper-conference": "ScholarlyArticle",
    "article": "ScholarlyArticle",
    "review": "ScholarlyArticle",
    "book": "Book",
    "chapter": "Chapter",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
    "dataset": "Dataset",
}


def json_ld(article: Json, *, terms: str) -> Json:
    """The article as JSON-LD. `terms`: the address under which our own terms are documented."""
    content, review, edition = article["content"], article["review"], article["edition"]
    page = article["web_url"]
    parts = [_part(section, page, content["language"]) for section in _health_topics(content["sections"])]
    return _said(
        {
            "@context": [SCHEMA, {"vetted": terms}],
            "@type": "MedicalWebPage",
            "@id": page,
            "url": page,
            "identifier": article["id"],
            "name": content["title"],
            "description": content["seo"]["medical"]["description"] or content["summary"],
            "inLanguage": content["language"],
            "datePublished": edition["first_published_at"],
            "dateModified": edition["published_at"],
            "version": str(edition["number"]),
            "lastReviewed": review["last_reviewed_on"],
            "reviewedBy": _one_or_more([_reviewer(row) for row in review["reviewed_by"]]),
            "author": _one_or_more([_author(row) for row in content["authors"]]),
            "medicalAudience": _audience(content),
            "keywords": [topic["name"] for topic in article["topics"]],
            "about": _subjects(content),
            "image": _image(content["hero"]),
            "isAccessibleForFree": True,
            "mainContentOfPage": {"@type": "WebPageElement", "hasPart": [{"@id": part["@id"]} for part in parts]},
            "hasPart": parts,
            "citation": [_citation(row, page) for row in content["references"]],
            "correction": [row["text"] for row in article["notices"] if row["kind"] == NoticeKind.CORRECTION],
            "vetted:articleType": content["article_type"],
            "vetted:nextReview": review["next_review_on"],
            "vetted:reviewStatus": review["status"],
            "vetted:notices": [_notice(row) for row in article["notices"]],
            "vetted:sponsorship": content["sponsorship"],
            "vetted:aiUse": content["ai_use"] and content["ai_use"]["use"],
            "vetted:digests": {f"vetted:{part}": digest for part, digest in edition["digests"].items()},
            "vetted:apiUrl": article["url"],
        }
    )


def as_bytes(value: Json) -> bytes:
    """JSON that stays JSON where it is pasted between `<script>` tags: no `<`, `>` or `&`.

    Source: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


def _reviewer(row: Json) -> Json:
    return _person(row) | {"knowsAbout": row["specialty"], "vetted:signedAt": row["signed_at"]}


def _author(row: Json) -> Json:
    return _person(row) | {"identifier": row["id"]}


def _person(row: Json) -> Json:
    return {"@type": "Person", "name": row["name"], "honorificSuffix": row["credentials"]}


def _audience(content: Json) -> Json | str:
    if content["audience"] == Audience.CLINICIAN:
        return f"{SCHEMA}/Clinician"
    return {"@type": "Patient", "audienceType": words.label("audience", content["audience"], content["language"]).text}


def _subjects(content: Json) -> list[Json]:
    """The substances and what else the codes name, each code once."""
    kind = SUBJECTS.get(content["article_type"], "MedicalEntity")
    found = [_substance(row, kind) for row in content["substances"]]
    known = {(row["system"], row["code"]) for row in content["substances"]}
    coded = [row for row in content["codes"] if (row["system"], row["code"]) not in known]
    return [*found, *(_coded(row, kind) for row in coded)]


def _substance(row: Json, kind: str) -> Json:
    """A supplement where the article is about one, or where every market sells it as one; otherwise a drug."""
    statuses = {status["status"] for status in row["status"]}
    is_supplement = statuses == {RegulatoryStatus.SUPPLEMENT} or (kind == "DietarySupplement" and not statuses)
    return {
        "@type": "DietarySupplement" if is_supplement else "Drug",
        "name": row["name"],
        "code": _code(row) if row["code"] else None,
        "vetted:regulatoryStatus": [
            {"vetted:market": status["market"], "vetted:status": status["status"]} for status in row["status"]
        ],
    }


def _coded(row: Json, kind: str) -> Json:
    found = CODED.get(row["system"], kind)
    is_supplement = found == "Drug" and kind == "DietarySupplement"
    return {"@type": kind if is_supplement else found, "name": row["display"], "code": _code(row)}


def _code(row: Json) -> Json:
    return {
        "@type": "MedicalCode",
        "codeValue": row["code"],
        "codingSystem": words.label("code-system", row["system"], words.DEFAULT).text,
        "inCodeSet": codes.urn(row["system"]),
    }


def _image(hero: Json | None) -> Json | None:
    """The largest file that every client reads, with its alternative text."""
    files = [row for row in (hero or {}).get("renditions", []) if row["type"] != WEBP]
    if not hero or not files:
        return None
    largest = max(files, key=lambda row: row["width"])
    shown = hero["presentation"] or {"credit": ""}
    return {
        "@type": "ImageObject",
        "url": largest["url"],
        "contentUrl": largest["url"],
        "encodingFormat": largest["type"],
        "description": hero["medical"]["alt"],
        "creditText": shown["credit"],
    }


def _health_topics(sections: Iterable[Json]) -> Iterator[Json]:
    """All sections except for the offers' places and the reference list, which `citation` holds."""
    return (section for section in sections if section["kind"] not in NO_HEALTH_TOPIC)


def _part(section: Json, page: str, language: str) -> Json:
    """A section without a heading is named after its kind."""
    address = f"{page}#section-{section['id']}"
    must_show = section["importance"] == Importance.MUST_SHOW
    return {
        "@type": "HealthTopicContent",
        "@id": address,
        "url": address,
        "name": section["heading"] or words.label("section-kind", section["kind"], language).text,
        "hasHealthAspect": _one_or_more([f"{SCHEMA}/{name}HealthAspect" for name in _aspects(section)]),
        "vetted:importance": section["importance"] if must_show else None,
    }


def _aspects(section: Json) -> list[str]:
    kind = section["kind"]
    names = [PROSE_ASPECTS.get(section["aspect"])] if kind == SectionKind.PROSE else [KIND_ASPECTS.get(kind)]
    if kind == SectionKind.RISKS and section["effects"]:
        names.append("SideEffects")
    return [name for name in names if name]


def _citation(row: Json, page: str) -> Json:
    """A source. One that was retracted, corrected or doubted says so, in words and as a value."""
    csl, status = row["csl"], row["source_status"]
    is_standing = status == SourceStatus.STANDING
    return {
        "@type": WORKS.get(str(csl.get("type")), "CreativeWork"),
        "@id": f"{page}#reference-{row['number']}",
        "position": row["number"],
        "name": csl.get("title") or row["text"]["ama"],
        "datePublished": _published(csl),
        "url": row["url"] if row["url"].startswith(("https://", "http://")) else None,
        "identifier": [_identifier(name, row[name.lower()]) for name in ("DOI", "PMID") if row[name.lower()]],
        "sameAs": list(_same(row)),
        "creativeWorkStatus": None if is_standing else words.label("source-status", status, words.DEFAULT).text,
        "vetted:sourceStatus": None if is_standing else status,
        "vetted:sourceStatusSince": row["source_status_since"],
    }


def _published(csl: Json) -> str | None:
    """2024, 2024-02 or 2024-02-03, as the source states it. Source: ISO 8601; CSL-JSON `date-parts`."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    try:
        year, *rest = (int(part) for part in parts[0][:3])
        date(*[year, *rest, 1, 1][:3])  # raises ValueError for a day that there is not
    except (TypeError, ValueError):
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _identifier(name: str, value: str) -> Json:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _same(row: Json) -> Iterator[str]:
    return (address for name in ("doi", "pmid") if (address := address_of(row[name])))


def _notice(row: Json) -> Json:
    """Its text says in which language it is. Source: JSON-LD 1.1 §4.2.4."""
    return {
        "vetted:kind": row["kind"],
        "vetted:since": row["since"],
        "vetted:text": {"@value": row["text"], "@language": row["lang"]},
    }


def _one_or_more(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _said(value: Any) -> Any:
    """Without what says nothing."""
    if isinstance(value, list):
        return [_said(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _said(item) for key, item in value.items()}
    return {key: item for key, item in made.items() if item not in (None, "", [], {})}
