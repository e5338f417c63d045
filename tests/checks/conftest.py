"""Drafts built directly, without a database: whole ones, of which a test spoils one thing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from articles.checks import engine
from articles.document.draft import Draft, ImageData, OfferData, Section, SourceData

ID = UUID("00000000-0000-4000-8000-000000000001")
SOURCE, RETRACTED, GONE = 1, 2, 99
CITED = [{"source": SOURCE, "support": "direct", "locator": "", "quote": "Redness was reduced."}]


def make_section(kind: str, /, id: str = "", index: int = 0, **value: Any) -> Section:
    heading = "Sources" if kind == "sources" else ""
    return Section(id or kind, kind, index, {"heading": heading, "text": ""} | value)


def make_source(key: int = SOURCE, **fields: Any) -> SourceData:
    given = SourceData(key, f"source-{key}", "A study of scalps", "cohort", "standing", {}, "", "", "")
    return replace(given, **fields)


def make_image(**fields: Any) -> ImageData:
    return replace(ImageData(1, "sha-256:1", 640, 480, 5000, 5000, ""), **fields)


def make_offer(**fields: Any) -> OfferData:
    given = OfferData(
        key=1,
        id="offer-1",
        name="Consultation",
        purpose="consultation",
        label="Book a consultation",
        target="https://example.org/book",
        text="Talk it through with a clinician.",
        disclosure="",
        is_prescription=False,
    )
    return replace(given, **fields)


def a_finding(**fields: Any) -> dict:
    said = {"statement": "Redness went down.", "subjects": "people", "certainty": "not-assessed"}
    return said | {"citations": CITED} | fields


def an_effect(**fields: Any) -> dict:
    return {"name": "Irritation", "frequency": "common", "citations": CITED} | fields


def whole_sections() -> list[Section]:
    return [
        make_section("introduction", text="<p>An itchy scalp is common.</p>"),
        make_section("evidence", heading="Does it help?", text="<p>Few studies.</p>", findings=[a_finding()]),
        make_section("risks", heading="Risks", text="<p>It can sting.</p>", effects=[an_effect()]),
        make_section("cta", purposes=["consultation"], offer=1),
        make_section("sources", heading="Sources", items=[]),
    ]


def make_draft(*more: Section, without: str = "", **fields: Any) -> Draft:
    """A draft without a finding; `more` sections replace those of their kind, or come last."""
    replaced = {section.kind: section for section in more}
    sections = [replaced.pop(section.kind, section) for section in whole_sections() if section.kind != without]
    placed = [*sections, *replaced.values()]
    whole = Draft(
        article=ID,
        page=1,
        revision=1,
        locale="en",
        translation_key=ID,
        slug="scalp",
        title="Scalp inflammation",
        summary="What helps an inflamed scalp.",
        article_type="condition",
        audience="patient",
        sponsorship="",
        change_note="",
        policy=None,
        seo_title="",
        seo_description="",
        hero=None,
        hero_alt="",
        hero_credit="",
        social_image=None,
        social_image_alt="",
        social_image_credit="",
        codes=(),
        substances=(),
        authors=(),
        disclaimers=(),
        related=(),
        topics=(),
        sections=tuple(replace(section, index=index) for index, section in enumerate(placed)),
        sources={SOURCE: make_source(), RETRACTED: make_source(RETRACTED, title="A fraud", status="retracted")},
        images={1: make_image()},
        offers={1: make_offer()},
        ai_use="none",
        gathered_on=date(2026, 12, 1),
    )
    return replace(whole, **fields)


Found = Callable[[Draft], list[tuple[str, str, str]]]


@pytest.fixture
def found() -> Found:
    """found(draft): (code, severity, path) of every finding."""
    return lambda draft: [(each.code, each.severity.value, each.path) for each in engine.run(draft)]
