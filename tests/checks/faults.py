"""One draft for each check (and each severity that it has): whole but for one fault, and what must be found."""

from typing import NamedTuple

from articles.document.draft import Component, Draft, Section, SourceData
from tests.checks.conftest import (
    CITED,
    GONE,
    RETRACTED,
    a_finding,
    an_effect,
    make_draft,
    make_image,
    make_offer,
    make_section,
    make_source,
    whole_sections,
)


class Fault(NamedTuple):
    code: str
    severity: str
    path: str
    draft: Draft


def evidence(**finding) -> Section:
    return make_section(
        "evidence", heading="Does it help?", text="<p>Few studies.</p>", findings=[a_finding(**finding)]
    )


def rated(certainty: str) -> dict[str, str]:
    return {"certainty": certainty, "certainty_basis": "our-judgement"}


def citing(source: int | None, support: str = "direct") -> Section:
    return evidence(citations=[*CITED, {"source": source, "support": support}])


def sourced(*sources: dict) -> Draft:
    """A draft that cites these sources in running text, beside the one of its finding."""
    known = {10 + index: make_source(10 + index, **fields) for index, fields in enumerate(sources)}
    return make_draft(inline(",".join(map(str, known))), sources=make_draft().sources | known)


def of_year(year: int) -> SourceData:
    return make_source(csl={"issued": {"date-parts": [[year]]}})


def of_publishers(*names: str) -> Draft:
    """One more is in the finding, of Elsevier."""
    known = {10 + index: make_source(10 + index, csl={"publisher": name}) for index, name in enumerate(names)}
    finding = {1: make_source(csl={"publisher": "Elsevier"})}
    return make_draft(inline(",".join(map(str, known))), sources=finding | known)


def unlisted(text: str) -> Section:
    return make_section("evidence", heading="Does it help?", text=text)


def mark(keys: str, support: str = "direct") -> str:
    return f'<a linktype="citation" sources="{keys}" support="{support}" locator="">[1]</a>'


def inline(keys: str, support: str = "direct") -> Section:
    return make_section("conclusion", text=f"<p>It may help {mark(keys, support)}.</p>")


def saying(html: str) -> Section:
    return make_section("conclusion", text=f"<p>See {html}.</p>")


def asking(html: str) -> Section:
    return make_section(
        "faq", items=[{"question": "Why?", "answer": "<p>So.</p>"}, {"question": "How?", "answer": html}]
    )


def risks(**fields) -> Section:
    return make_section("risks", heading="Risks", text="<p>It can sting.</p>", **fields)


def warning(text: str, *substances: dict) -> Draft:
    """A draft whose risks section says this."""
    section = make_section("risks", heading="Risks", text=f"<p>{text}</p>", effects=[an_effect()])
    return make_draft(section, substances=substances)


def helping(**fields) -> Section:
    return make_section("seek-help", heading="When to seek help", action="Call a doctor.", **fields)


def coded(code: str, display: str) -> Draft:
    row = {"system": "icd-10-cm", "code": code, "display": display}
    return make_draft(codes=(row,), listed_codes={"icd-10-cm": {"L65.9": HAIR_LOSS}})


def long_lists(count: int) -> Draft:
    """A draft with so many lists of causes, each with 110 of them."""
    lists = [make_section("causes", id=f"causes-{index}", items=[{"name": "Dandruff"}] * 110) for index in range(count)]
    return make_draft(sections=(*whole_sections(), *lists))


def repeated(kind: str, count: int) -> Draft:
    """A draft with so many more sections of this kind."""
    more = [make_section(kind, id=f"{kind}-{index}", text="<p>It itches.</p>") for index in range(count)]
    return make_draft(sections=(*whole_sections(), *more))


def offering(**fields) -> Draft:
    return make_draft(offers={1: make_offer(**fields)})


def table(**fields) -> Section:
    return make_section("table", heading="How often", table={"data": [["Sting", "Rare"]]} | fields)


BLOCKING, WARNING, ADVICE = "blocking", "warning", "advice"
HAIR_LOSS = ("Nonscarring hair loss, unspecified", "Hair loss")
INTRODUCTION, SOURCES = make_section("introduction", text="<p>Hello.</p>"), make_section("sources", items=[1])
UNSOURCED = [INTRODUCTION, make_section("risks", heading="Risks", text="<p>It can sting.</p>")]
SLOT = make_section("cta", text="<p>Questions?</p>", purposes=["consultation"], offer=None)
ZINC = {"name": "zinc", "status": [{"market": "US", "status": "supplement"}]}
OFF_LABEL = {"name": "sirolimus", "status": [{"market": "US", "status": "off-label"}]}
WIDE, LONG = [["Effect", ""], ["Sting", "Rare"]], [["Sting", "Rare"], ["", "Common"]]
HARD = f"<p>{'Dermatological inflammation necessitates pharmacological intervention. ' * 30}</p>"
DERMATITIS = {"codes": [{"system": "icd-10-cm", "code": "L21"}], "statuses": [], "markets": []}
TO_PROSE, EMPTY = '<a linktype="anchor" section="prose">below</a>', make_section("prose")
FIGURE = make_section("figure", heading="A scalp", figure={"image": 1, "alt": " ", "caption": ""})

FAULTS = [
    Fault("title_missing", BLOCKING, "title", make_draft(title="  ")),
    Fault("title_too_long", WARNING, "title", make_draft(title="x" * 101)),
    Fault("summary_missing", BLOCKING, "summary", make_draft(summary="\n")),
    Fault("summary_too_long", BLOCKING, "summary", make_draft(summary="x" * 301)),
    Fault("ai_use_not_declared", ADVICE, "ai_use", make_draft(ai_use="")),
    Fault("ai_use_not_declared", ADVICE, "ai_use", make_draft(ai_use="drafted")),
    Fault("ai_use_not_declared", WARNING, "ai_use", make_draft(ai_use="none", ai_tool="Tool 1")),
    Fault("search_text_too_long", ADVICE, "seo_title", make_draft(seo_title="x" * 66)),
    Fault("search_text_too_long", ADVICE, "search_description", make_draft(seo_description="x" * 161)),
    Fault("unknown_block", BLOCKING, "body/quiz", make_draft(Section("quiz", "quiz", 0, {}, is_known=False))),
    Fault("slug_taken", BLOCKING, "slug", make_draft(slug_is_taken=True)),
    Fault("disclaimer_not_signed", WARNING, "disclaimers", make_draft(disclaimers=(Component("1", "General", False),))),
    Fault("no_introduction", BLOCKING, "body", make_draft(without="introduction")),
    Fault("no_introduction", BLOCKING, "body/introduction", make_draft(make_section("introduction", text="<p> </p>"))),
    Fault("no_risks_section", BLOCKING, "body", make_draft(without="risks")),
    Fault("no_risks_section", BLOCKING, "body/risks", make_draft(make_section("risks"))),
    Fault("no_risks_section", WARNING, "body", make_draft(sections=(INTRODUCTION, SOURCES))),
    Fault("heading_without_content", BLOCKING, "body/prose", make_draft(make_section("prose", heading="Dosage"))),
    Fault(
        "heading_without_content",
        BLOCKING,
        "body/prose/text",
        make_draft(make_section("prose", text="<h3>Dosage</h3><p></p><h3>Storage</h3><p>Keep it dry.</p>")),
    ),
    Fault(
        "sources_without_heading",
        ADVICE,
        "body/sources/heading",
        make_draft(make_section("sources", heading="", items=[])),
    ),
    Fault(
        "heading_level_skipped",
        WARNING,
        "body/prose/text",
        make_draft(make_section("prose", text="<h4>Adults</h4><p>Once a day.</p>")),
    ),
    Fault(
        "must_show_without_heading",
        WARNING,
        "body/seek-help/heading",
        make_draft(make_section("seek-help", level="urgent", action="Call.")),
    ),
    Fault("too_many_sections", BLOCKING, "body", repeated("prose", 56)),
    Fault("too_many_sections", BLOCKING, "body/conclusion-1", repeated("conclusion", 2)),
    Fault("too_many_fields", BLOCKING, "body/risks/effects", make_draft(risks(effects=[an_effect()] * 1_001))),
    Fault("too_many_fields", BLOCKING, "body", long_lists(40)),
    Fault("choice_missing", BLOCKING, "body/seek-help/level", make_draft(helping(level=""))),
    Fault("choice_missing", BLOCKING, "body/evidence/findings/0/certainty", make_draft(evidence(certainty=None))),
    Fault("no_source", BLOCKING, "body", make_draft(sources={}, sections=tuple(UNSOURCED))),
    Fault("claim_without_citation", BLOCKING, "body/evidence/findings/0", make_draft(evidence(citations=[]))),
    Fault("claim_without_citation", BLOCKING, "body/evidence/text", make_draft(unlisted("<p>It helps.</p>"))),
    Fault("citation_without_source", BLOCKING, "body/evidence/findings/0/citations/1", make_draft(citing(None))),
    Fault("citation_without_source", BLOCKING, "body/evidence/findings/0/citations/1", make_draft(citing(GONE))),
    Fault("citation_without_source", BLOCKING, "body/conclusion/text", make_draft(inline(f"1,{GONE}"))),
    Fault("retracted_source_cited", BLOCKING, "body/evidence/findings/0/citations/1", make_draft(citing(RETRACTED))),
    Fault("retracted_source_cited", BLOCKING, "body/conclusion/text", make_draft(inline(str(RETRACTED)))),
    Fault("retracted_source_cited", BLOCKING, "body/conclusion/text", make_draft(inline(str(RETRACTED), ""))),
    Fault("retracted_source_cited", WARNING, "body/conclusion/text", make_draft(inline(str(RETRACTED), "background"))),
    Fault("sources_section_missing", BLOCKING, "body", make_draft(without="sources")),
    Fault("same_work_cited_twice", BLOCKING, "body/conclusion/text", sourced({"doi": "10.1/a"}, {"doi": "10.1/A"})),
    Fault("same_work_cited_twice", BLOCKING, "body/conclusion/text", sourced({"pmid": "1"}, {"pmid": "1"})),
    Fault(
        "same_work_cited_twice",
        BLOCKING,
        "body/sources/items/0",
        make_draft(
            make_section("sources", items=[2]),
            sources={1: make_source(csl={"PMCID": "PMC1"}), 2: make_source(2, csl={"PMCID": "pmc1"})},
        ),
    ),
    Fault("questioned_source_cited", WARNING, "body/conclusion/text", sourced({"status": "expression-of-concern"})),
    Fault("superseded_source_cited", WARNING, "body/conclusion/text", sourced({"status": "superseded"})),
    Fault("unverified_sources", ADVICE, "body/conclusion/text", sourced({"is_verified": False, "pmid": "1"})),
    Fault("old_sources", ADVICE, "body/evidence", make_draft(sources={1: of_year(2015)})),
    Fault("one_publisher_only", ADVICE, "body/sources", of_publishers("Elsevier", "elsevier")),
    Fault(
        "direct_support_without_quote",
        ADVICE,
        "body/evidence/findings/0/citations/0/quote",
        make_draft(evidence(citations=[{"source": 1, "support": "direct"}])),
    ),
    Fault(
        "support_not_stated",
        WARNING,
        "body/evidence/findings/0/citations/0",
        make_draft(evidence(citations=[{"source": 1}])),
    ),
    Fault(
        "direct_support_not_in_people",
        BLOCKING,
        "body/evidence/findings/0/citations/1/support",
        make_draft(citing(RETRACTED), sources={1: make_source(), RETRACTED: make_source(2, design="in-vitro")}),
    ),
    Fault(
        "direct_support_not_in_people",
        BLOCKING,
        "body/risks/effects/0/citations/0/support",
        make_draft(evidence(subjects="animals"), sources={1: make_source(design="animal")}),
    ),
    Fault(
        "wording_stronger_than_certainty",
        WARNING,
        "body/evidence/findings/0/statement",
        make_draft(evidence(statement="The cream reduces redness.", **rated("low"))),
    ),
    Fault(
        "number_without_citation",
        WARNING,
        "body/prose/text",
        make_draft(make_section("prose", text="<p>It helps 1 in 10 people.</p>")),
    ),
    Fault(
        "effects_without_frequency",
        ADVICE,
        "body/risks/effects",
        make_draft(risks(effects=[an_effect(frequency="not-known")])),
    ),
    Fault(
        "frequency_against_number",
        WARNING,
        "body/risks/effects/0/frequency",
        make_draft(risks(effects=[an_effect(name="Sting (1 in 5)", frequency="rare")])),
    ),
    Fault("frequency_against_number", WARNING, "body/risks/text", warning("It is rare (1 in 50).")),
    Fault("pregnancy_not_mentioned", WARNING, "body/risks", warning("Ask first if you are pregnant.", ZINC)),
    Fault("off_label_not_said", WARNING, "body/risks", warning("Avoid it in pregnancy, or breastfeeding.", OFF_LABEL)),
    Fault(
        "certainty_without_basis",
        WARNING,
        "body/evidence/findings/0/certainty_basis",
        make_draft(evidence(certainty="high", certainty_basis="")),
    ),
    Fault(
        "risk_without_citation",
        WARNING,
        "body/risks/effects/0",
        make_draft(risks(effects=[an_effect(citations=[])])),
    ),
    Fault(
        "risk_without_citation",
        ADVICE,
        "body/risks/effects/0",
        make_draft(risks(effects=[an_effect(citations=[], frequency="not-known"), an_effect()])),
    ),
    Fault(
        "risk_without_citation",
        ADVICE,
        "body/risks/cautions/0",
        make_draft(risks(cautions=[{"group": "Pregnancy", "level": "avoid", "citations": []}])),
    ),
    Fault("slot_without_offer", BLOCKING, "body/cta/offer", make_draft(SLOT)),
    Fault("slot_without_offer", BLOCKING, "body/cta/offer", make_draft(offers={})),
    Fault("offer_without_label", BLOCKING, "body/cta/offer/label", offering(label=" ")),
    Fault("offer_without_target", BLOCKING, "body/cta/offer/target", offering(target="")),
    Fault(
        "prescription_offer_without_disclosure",
        BLOCKING,
        "body/cta/offer/disclosure",
        offering(is_prescription=True),
    ),
    Fault("offer_outside_purposes", BLOCKING, "body/cta/purposes", offering(purpose="product")),
    Fault(
        "offer_outside_purposes",
        BLOCKING,
        "body/cta/purposes",
        make_draft(make_section("cta", purposes=[], offer=1)),
    ),
    Fault("offer_outside_scope", BLOCKING, "body/cta/offer", offering(scope=DERMATITIS)),
    Fault("image_without_alt", BLOCKING, "hero/alt", make_draft(hero=make_image())),
    Fault("image_without_alt", BLOCKING, "social_image/alt", make_draft(social_image=make_image())),
    Fault("image_without_alt", BLOCKING, "body/figure/figure/alt", make_draft(FIGURE)),
    Fault(
        "image_without_alt", BLOCKING, "social_image/alt", make_draft(social_image=make_image(), hero_decorative=True)
    ),
    Fault("figure_without_image", BLOCKING, "body/figure/figure/image", make_draft(FIGURE, images={})),
    Fault("table_without_header", WARNING, "body/table/table", make_draft(table())),
    Fault(
        "empty_header_cell", WARNING, "body/table/table", make_draft(table(data=WIDE, first_row_is_table_header=True))
    ),
    Fault("empty_header_cell", WARNING, "body/table/table", make_draft(table(data=LONG, first_col_is_header=True))),
    Fault("code_not_in_list", WARNING, "codes/0", coded("L99.99", "Hair loss")),
    Fault("code_and_words_differ", WARNING, "codes/0", coded("L65.9", "Psoriasis")),
    Fault("unfounded_promise", BLOCKING, "title", make_draft(title="A cure for baldness")),
    Fault("unfounded_promise", WARNING, "summary", make_draft(summary="Surgery can cure it.")),
    Fault("hard_to_read", ADVICE, "body/conclusion", make_draft(make_section("conclusion", text=HARD))),
    Fault("undefined_abbreviation", ADVICE, "summary", make_draft(summary="What LDCT shows.")),
    Fault("stigmatizing_term", ADVICE, "summary", make_draft(summary="What helps diabetics.")),
    Fault("broken_characters", BLOCKING, "summary", make_draft(summary="Take 5 \ufffdg a day.")),
    Fault("broken_characters", WARNING, "summary", make_draft(summary="Itchy skin \ufffd now.")),
    Fault("typed_reference", BLOCKING, "summary", make_draft(summary="It helps [2].")),
    Fault("link_not_delivered", BLOCKING, "body/conclusion/text", make_draft(saying('<a href="#dosage">dosage</a>'))),
    Fault("link_not_delivered", BLOCKING, "body/faq/items/1/answer", make_draft(asking('<a href="sms:+44">us</a>'))),
    Fault("anchor_to_empty_section", BLOCKING, "body/conclusion/text", make_draft(saying(TO_PROSE), EMPTY)),
    Fault("invisible_signs_in_note", BLOCKING, "change_note", make_draft(change_note="Take \u202e05 mg a day.")),
]
