"""Writes schema_org.json, the part of schema.org's vocabulary that our JSON-LD uses, from a release of schema.org.

    python tests/api/schema_org_extract.py schemaorg-all-https.jsonld 30.0 > tests/api/schema_org.json

The release stands at https://github.com/schemaorg/schemaorg under data/releases/ (Apache License 2.0; the vocabulary is
CC BY-SA 3.0).
"""

import json
import sys

TYPES = [
    "MedicalWebPage",
    "WebPageElement",
    "HealthTopicContent",
    "Person",
    "Patient",
    "ImageObject",
    "MedicalCondition",
    "MedicalTherapy",
    "Drug",
    "DietarySupplement",
    "MedicalTest",
    "MedicalEntity",
    "MedicalCode",
    "PropertyValue",
    "ScholarlyArticle",
    "Book",
    "Chapter",
    "Report",
    "Thesis",
    "WebPage",
    "Dataset",
    "CreativeWork",
    "HealthAspectEnumeration",
    "MedicalAudienceType",
]
PROPERTIES = [
    "url",
    "identifier",
    "name",
    "description",
    "inLanguage",
    "datePublished",
    "dateModified",
    "version",
    "lastReviewed",
    "reviewedBy",
    "author",
    "medicalAudience",
    "keywords",
    "about",
    "image",
    "isAccessibleForFree",
    "mainContentOfPage",
    "hasPart",
    "citation",
    "correction",
    "honorificSuffix",
    "knowsAbout",
    "audienceType",
    "code",
    "codeValue",
    "codingSystem",
    "inCodeSet",
    "contentUrl",
    "encodingFormat",
    "creditText",
    "hasHealthAspect",
    "position",
    "sameAs",
    "creativeWorkStatus",
    "propertyID",
    "value",
]
MEMBERS_OF = ("HealthAspectEnumeration", "MedicalAudienceType")
PREFIX = "schema:"


def names(value) -> list[str]:
    listed = value if isinstance(value, list) else [value] if value else []
    return sorted(row["@id"].removeprefix(PREFIX) for row in listed if row["@id"].startswith(PREFIX))


def extract(graph: list[dict]) -> dict:
    """{types: {name: direct supertypes}, properties: {name: {domains, ranges}}, members: {enumeration: names}}."""
    by_name = {row["@id"].removeprefix(PREFIX): row for row in graph}
    types, waiting = {}, list(TYPES)
    while waiting:
        name = waiting.pop()
        if name not in types:
            types[name] = names(by_name[name].get("rdfs:subClassOf"))
            waiting += types[name]
    rows = {name: by_name[name] for name in PROPERTIES}
    return {
        "types": dict(sorted(types.items())),
        "properties": {
            name: {"domains": names(row["schema:domainIncludes"]), "ranges": names(row["schema:rangeIncludes"])}
            for name, row in sorted(rows.items())
        },
        "members": {
            name: sorted(key for key, row in by_name.items() if f"{PREFIX}{name}" in row["@type"])
            for name in MEMBERS_OF
        },
    }


if __name__ == "__main__":
    path, version = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        found = extract(json.load(file)["@graph"])
    source = f"https://github.com/schemaorg/schemaorg, data/releases/{version}/{path.rpartition('/')[2]}"
    print(json.dumps({"version": version, "source": source, **found}, indent=1))
