"""Material or editorial: nothing that could harm a reader is called editorial, in whatever field it stands."""

import copy
import string

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from articles.record.canonical import canonical_bytes
from articles.record.compare.differences import differences
from articles.record.materiality import classify
from articles.record.materiality_spelling import MISSPELT, SPELLINGS, STURDY, is_same_word, slips
from articles.record.materiality_words import KINDS, SIGNS
from articles.record.vocabulary import ChangeKind
from tests.record.signed_values import at, leaves, lists, make_documents, put, renumbered

DANGERS = frozenset().union(*(listed for listed, _ in KINDS))
MATERIAL, EDITORIAL = ChangeKind.MATERIAL.value, ChangeKind.EDITORIAL.value
FAST = settings(derandomize=True, max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def span(text, *marks):
    return {"_type": "span", "text": text, "marks": list(marks)}


def paragraph(*children, **more):
    return {"_type": "block", "style": "normal", "children": list(children), "markDefs": []} | more


def section(kind, **more):
    said = {"id": kind, "kind": kind, "importance": "normal", "heading": "A heading", "text": []}
    return said | more


def cited(**more):
    return {"reference": 1, "support": "direct", "locator": "p. 3", "quote": "Redness went down."} | more


def medical():
    finding = {"statement": "Redness went down.", "subjects": "people", "population": "adults", "sample_size": 12}
    finding |= {"effect": "", "comparator": "", "absolute": "", "certainty": "low", "certainty_basis": "our-judgement"}
    effect = {"name": "Mouth ulcers", "frequency": "common", "severity": "mild", "route": "oral", "citations": []}
    caution = {"group": "Pregnancy", "level": "avoid", "advice": "Ask a doctor.", "citations": []}
    table = {
        "caption": "",
        "header_row": True,
        "header_column": False,
        "rows": [["Effect", "How often"], ["Itch", "Rare"]],
    }
    csl = {"type": "article-journal", "title": "A study", "author": [{"family": "Doe", "given": "Jane"}]}
    reference = {"number": 1, "source_id": "a", "design": "cohort", "csl": csl, "doi": "10.1/x", "pmid": "", "url": ""}
    return {
        "kind": "medical",
        "format": 1,
        "title": "Scalps",
        "summary": "About scalps.",
        "language": "en",
        "audience": "patient",
        "article_type": "treatment",
        "codes": [{"system": "mesh", "code": "D1", "display": "Scalp"}],
        "substances": [{"name": "colchicine", "system": "rxnorm", "code": "2683", "status": []}],
        "sponsorship": None,
        "sections": [
            section("prose", text=[paragraph(span("Take care."))], aspect="treatment"),
            section("evidence", findings=[finding | {"citations": [cited()]}]),
            section("risks", effects=[effect, effect | {"name": "Itch"}], cautions=[caution], interactions=[]),
            section("table", table=table),
            section("faq", items=[{"question": "Is it so?", "answer": [paragraph(span("It is so."))]}]),
        ],
        "references": [reference | {"text": {"ama": "Doe J. A study.", "nlm": "Doe J. A study."}}],
    }


FIELDS = {
    "title": ("title",),
    "summary": ("summary",),
    "prose": ("sections", 0, "text", 0, "children", 0, "text"),
    "evidence statement": ("sections", 1, "findings", 0, "statement"),
    "caution advice": ("sections", 2, "cautions", 0, "advice"),
    "table cell": ("sections", 3, "table", "rows", 1, 1),
    "faq answer": ("sections", 4, "items", 0, "answer", 0, "children", 0, "text"),
}
QUOTE = ("sections", 1, "findings", 0, "citations", 0, "quote")

# Dangerous pairs in a row: old, new, a part of the reason.
HARMFUL = [
    # negations, in any language
    ("It is not recommended in pregnancy.", "It is recommended in pregnancy.", "negation"),
    ("No harm was found.", "Harm was found.", "negation"),
    ("It cannot be taken with wine.", "It can be taken with wine.", "negation"),
    ("You shouldn't scratch.", "You should scratch.", "negation"),
    ("Never share a comb.", "Share a comb.", "negation"),
    ("It works without side effects.", "It works with side effects.", "negation"),
    ("Neither cream helps.", "Either cream helps.", "negation"),
    ("No se recomienda.", "Se recomienda.", "negation"),
    ("Nunca lo tome.", "Lo tome.", "negation"),
    ("Tómelo sin comida.", "Tómelo con comida.", "negation"),
    ("Das hilft nicht.", "Das hilft.", "negation"),
    ("Es gibt keinen Beleg.", "Es gibt einen Beleg.", "negation"),
    ("Ohne Rezept erhältlich.", "Mit Rezept erhältlich.", "negation"),
    ("Shampoo is safe.", "Shampoo is unsafe.", "how sure"),
    ("It is a toxic plant.", "It is a non-toxic plant.", "negation"),
    ("An infected follicle.", "An uninfected follicle.", "words changed"),
    ("The test is conclusive.", "The test is inconclusive.", "words changed"),
    ("She was not able to sleep.", "She was notable to sleep.", ""),
    ("No one was harmed.", "Noone was harmed.", "negation"),
    ("An in patient ward.", "An inpatient ward.", "joined or split"),
    # numbers
    ("Take 1.5 ml.", "Take 15 ml.", "number"),
    ("Take 1,5 ml.", "Take 15 ml.", "number"),
    ("Take 1.5 ml.", "Take 1,5 ml.", "number"),
    ("Take 1,500 units.", "Take 1.500 units.", "number"),
    ("Take 0.5 ml.", "Take .5 ml.", "number"),
    ("Take 5 ml.", "Take 5.0 ml.", "number"),
    ("For 5-10 days.", "For 510 days.", "number"),
    ("For 5-10 days.", "For 5–10 days.", "number"),
    ("A change of -5 points.", "A change of 5 points.", "number"),
    ("A change of −5 points.", "A change of –5 points.", "number"),
    ("Under <5 years.", "Under >5 years.", "number"),
    ("Age ≥ 65.", "Age ≤ 65.", "arithmetic"),
    ("Age > 65.", "Age ≥ 65.", "arithmetic"),
    ("10² cells were seen.", "102 cells were seen.", "number"),
    ("50% got better.", "50 got better.", "number"),
    ("1 in 100 people.", "1 in 1000 people.", "number"),
    ("Take two tablets.", "Take ten tablets.", "number"),
    ("Take half a tablet.", "Take a tablet.", "number"),
    ("Tome dos cápsulas.", "Tome doce cápsulas.", "number"),
    ("Zwei Tropfen abends.", "Drei Tropfen abends.", "number"),
    ("½ tablet at night.", "¼ tablet at night.", "number"),
    ("Take l ml.", "Take 1 ml.", "number"),
    ("Take 10 ml.", "Take 1O ml.", "number"),
    ("1 000 units.", "1000 units.", "number"),
    ("In stage II.", "In stage III.", "number"),
    ("See line 5. It helps.", "See line 5, It helps.", "number"),
    ("Doses: 5 ml.", "Doses 5 ml.", "number"),
    ("Ten – no more.", "Ten, no more.", "number"),
    # units
    ("Apply 5 mg.", "Apply 5 mcg.", "unit"),
    ("Apply 5 mg.", "Apply 5 Mg.", "unit"),
    ("Apply 5 mg.", "Apply 5 µg.", "unit"),
    ("Apply 5 µg.", "Apply 5 ug.", "unit"),
    ("Apply 5mg.", "Apply 5 mg.", "number"),
    ("One teaspoon a day.", "One tablespoon a day.", "unit"),
    ("Kept at 20 °C.", "Kept at 20 °F.", "unit"),
    ("5 mg/kg daily.", "5 mg kg daily.", ""),
    ("One drop in each eye.", "One dose in each eye.", "unit"),
    # how often, how long
    ("Apply it twice daily.", "Apply it once daily.", "number"),
    ("Apply it daily.", "Apply it weekly.", "how often"),
    ("Ulcers are common.", "Ulcers are uncommon.", "how often"),
    ("It rarely itches.", "It often itches.", "how often"),
    ("Wait for days.", "Wait for months.", "how often"),
    ("Se aplica diariamente.", "Se aplica semanalmente.", "how often"),
    ("Täglich waschen.", "Wöchentlich waschen.", "how often"),
    ("It always helps.", "It helps.", "how often"),
    # how sure, how binding
    ("It may help.", "It will help.", "how sure"),
    ("You can stop.", "You must stop.", "how sure"),
    ("It should be rinsed.", "It could be rinsed.", "how sure"),
    ("It possibly helps.", "It probably helps.", "how sure"),
    ("It seems to help.", "It helps.", "how sure"),
    ("Puede ayudar.", "Debe ayudar.", "how sure"),
    ("Das kann helfen.", "Das muss helfen.", "how sure"),
    # directions and amounts
    ("It increases redness.", "It decreases redness.", "direction"),
    ("Hypertension was seen.", "Hypotension was seen.", "words changed"),
    ("Hyperglycaemia was seen.", "Hypoglycaemia was seen.", "words changed"),
    ("More hair fell out.", "Less hair fell out.", "direction"),
    ("The left ear.", "The right ear.", "direction"),
    ("Nach dem Essen senkt es Fett.", "Nach dem Essen erhöht es Fett.", "direction"),
    # conditions, instructions
    ("Rinse it if it burns.", "Rinse it unless it burns.", "condition"),
    ("Rinse before meals.", "Rinse after meals.", "condition"),
    ("Only adults use it.", "Adults use it.", "condition"),
    ("Stop the cream.", "Start the cream.", "what to do"),
    ("Avoid sunshine.", "Enjoy sunshine.", "what to do"),
    # medicines
    ("They gave hydroxyzine.", "They gave hydralazine.", "medicine"),
    ("They gave prednisone.", "They gave prednisolone.", "medicine"),
    ("They gave Celebrex.", "They gave Celexa.", ""),
    ("They gave metformin.", "They gave metfornin.", "medicine"),
    ("They gave clonidine.", "They gave clonazepam.", "medicine"),
    ("They gave colchicine.", "They gave colchcine.", "medicine or substance"),
    ("Oestrogen was given.", "Estrogen was given.", ""),
    # words one letter apart
    ("A causal relation.", "A casual relation.", "words changed"),
    ("A medical check.", "A medial check.", "words changed"),
    ("The ileum was inflamed.", "The ilium was inflamed.", "words changed"),
    ("A trial was made.", "A trail was made.", "words changed"),
    ("Their form of care.", "Their from of care.", "words changed"),
    ("The perineal nerve.", "The peroneal nerve.", "words changed"),
    ("Widespread inflammation of 5 follicles.", "Widespread inflammation of 6 follicles.", "number"),
    ("Five symtoms remained.", "Five symptoms remained.", "words changed"),
    # letters, capitals, order
    ("In the US it is sold.", "In the us it is sold.", "capital"),
    ("Give AIDS care.", "Give aids care.", "capital"),
    ("It eases pain.", "It eases pаin.", "look alike"),
    ("It eases pain.", "It eases pa\u200bin.", ""),
    ("It eases pain.", "It eases pain\u200b.", ""),
    ("Creams ease itching.", "Itching ease creams.", ""),
    # marks that carry meaning
    ("It helps.", "It helps?", "question mark"),
    ("Call now!", "Call now.", "exclamation mark"),
    ("It helps (somewhat).", "It helps somewhat.", "bracket"),
    ("The “natural” cream.", "The natural cream.", "quotation"),
    ("Stop, taking oils helps.", "Stop taking oils helps.", "parts or joins"),
    ("No, creams help.", "No creams help.", "parts or joins"),
    ("Adults, who itch, wash.", "Adults who itch wash.", "parts or joins"),
    ("It does not sting. Babies like it.", "It does not sting, Babies like it.", "parts or joins"),
    ("It helps, not harms, the skin.", "It helps not harms, the skin.", ""),
    ("They gave aspirin, oil and tea.", "They gave aspirin oil and tea.", "parts or joins"),
    ("The drug … helped.", "The drug helped.", ""),
    ("oil/water", "oil water", ""),
    ("Oil + water", "Oil water", "arithmetic"),
    ("Pregnant, elderly or frail people.", "Pregnant elderly or frail people.", "parts or joins"),
    ("Wash hair.", "Wash: hair.", "parts or joins"),
    ("Pregnant, elderly or frail people.", "Pregnant: elderly or frail people.", "parts or joins"),
    ("Creams and oils.", "Creams, and oils.", "parts or joins"),
    ("Rinse it. Dry it gently.", "Rinse it Dry it gently.", "parts or joins"),
    # a mark for a mark regroups what stands between
    ("It helps the scalp; kidneys, lungs suffer.", "It helps the scalp, kidneys; lungs suffer.", "parts or joins"),
    ("It helps adults. Children, Americans suffer.", "It helps adults, Children. Americans suffer.", "parts or joins"),
    (
        "We advise it for eczema; psoriasis, dandruff worsen.",
        "We advise it for eczema, psoriasis; dandruff worsen.",
        "",
    ),
    ("Es hilft Erwachsenen. Kinder, Frauen leiden.", "Es hilft Erwachsenen, Kinder. Frauen leiden.", "parts or joins"),
    ("Es schadet Kindern. Frauen, Babys hilft es.", "Es schadet Kindern, Frauen. Babys hilft es.", "parts or joins"),
    ("Ayuda a adultos; niños, bebés sufren.", "Ayuda a adultos, niños; bebés sufren.", "parts or joins"),
    ("It helps hair – skin, nails suffer.", "It helps hair, skin – nails suffer.", "parts or joins"),
    ("It helps hair: skin, nails suffer.", "It helps hair, skin: nails suffer.", "parts or joins"),
    ("Creams soothe; oils soften.", "Creams soothe, oils soften.", "parts or joins"),
    ("Creams soothe – oils soften.", "Creams soothe; oils soften.", "parts or joins"),
    ("Creams soothe. Oils soften.", "Creams soothe; Oils soften.", "parts or joins"),
    ("Creams soothe;", "Creams soothe.", "parts or joins"),
    ("Creams soothe,", "Creams soothe", "parts or joins"),
    ("Creams soothe:", "Creams soothe", "parts or joins"),
    # one comma more, and children are helped
    ("It helps adults, children and babies suffer.", "It helps adults, children, and babies suffer.", "parts or joins"),
    ("Creams, gels and oils.", "Creams, gels, and oils.", "parts or joins"),
    ("Salben, Öle oder Bäder.", "Salben, Öle, oder Bäder.", "parts or joins"),
    # line breaks group as full stops do
    ("It helps\nadults\nchildren suffer.", "It helps\nadults children suffer.", "line break"),
    ("Creams. Harmful.\nOils. Helpful.", "Creams.\nHarmful. Oils.\nHelpful.", "line break"),
    ("Creams soothe.\n\nOils soften.", "Creams soothe.\nOils soften.", "line break"),
    # brackets, quotation marks, dashes and hyphens
    ("It helps (adults and children).", "It helps (adults) and children.", "bracket"),
    ("It helps (adults).", "It helps [adults].", "bracket"),
    ("A “gentle cream” helps.", "A “gentle” cream helps.", "quotation"),
    ("The “ gentle ” cream „ helps “ it.", "The ” gentle “ cream „ helps “ it.", ""),
    ("The oil“gentle”cream.", "The oil”gentle“cream.", ""),
    ("A drug–free cream.", "A drug – free cream.", ""),
    ("A drug-free cream.", "A drug – free cream.", ""),
    ("A drug-free cream.", "A drug free cream.", ""),
    ("A drug-free cream.", "A drugfree cream.", ""),
    ("Pre– and postnatal.", "Pre – and postnatal.", "one side of a dash"),
    ("Hair — skin – nails — suffer – too.", "Hair – skin — nails – suffer — too.", "other lengths"),
    ("Hair – skin – nails – suffer – too.", "Hair – skin — nails – suffer — too.", "other lengths"),
    # plain content
    ("It soothes the scalp.", "It soothes the skin.", "words changed"),
    ("It soothes the scalp.", "It soothes the itchy scalp.", "words were added"),
    ("It soothes the itchy scalp.", "It soothes the scalp.", "words were removed"),
]

# Harmless pairs: old, new, a part of what is said of them.
HARMLESS = [
    ("It soothes the scalp.", "It  soothes the scalp.", "white space"),
    ("It soothes the scalp.", "It soothes\u00a0the\u202fscalp.", "white space"),
    ("Take 5 ml daily.", "Take 5\u00a0ml daily.", "white space"),
    (" It soothes the scalp. ", "It soothes the scalp.", "white space"),
    ("It soothes the scalp .", "It soothes the scalp.", "white space"),
    ("It soothes the scalp.", "It soothes the scalp", "punctuation"),
    ("Hair and skin", "Hair and skin.", "punctuation"),
    ("The dose is low", "The dose is low.", "punctuation"),
    ("Creams soothe.\n", "Creams soothe.", "punctuation"),
    ("Creams soothe - oils soften.", "Creams soothe – oils soften.", "form of a mark"),
    ("Creams soothe — oils soften.", "Creams soothe – oils soften.", "form of a mark"),
    ("Creams soothe—oils soften.", "Creams soothe – oils soften.", "form of a mark"),
    ('A "gentle" cream.', "A “gentle” cream.", "form of a mark"),
    ("Eine „milde“ Salbe.", "Eine »milde« Salbe.", "form of a mark"),
    ("Eine „milde“, »gute« Salbe.", 'Eine "milde", “gute” Salbe.', "form of a mark"),
    ("It doesn't sting.", "It doesn’t sting.", "form of a mark"),
    ("It is not – I think – harmful.", "It is not — I think — harmful.", "form of a mark"),
    ("And so on...", "And so on…", "form of a mark"),
    ("A well\u2011known cream.", "A well-known cream.", "form of a mark"),
    ("The colour of hair.", "The color of hair.", "spelling"),
    ("Anaemia and tiredness.", "Anemia and tiredness.", "spelling"),
    ("A randomised comparison.", "A randomized comparison.", "spelling"),
    ("Paediatric care centre.", "Pediatric care center.", "spelling"),
    ("They recieve letters.", "They receive letters.", "spelling"),
    ("The inflamation eased.", "The inflammation eased.", "spelling"),
    ("The treatement eased it.", "The treatment eased it.", "spelling"),
    ("The dermatolgist looked.", "The dermatologist looked.", "spelling"),
    ("Las enfermedaes.", "Las enfermedades.", "spelling"),
    ("Die Schwangerschafft, die behandlnug.", "Die Schwangerschafft, die behandlung.", "spelling"),
]


def pair_of(field, old, new):
    return put(medical(), field, old), put(medical(), field, new)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("old", "new", "why"), HARMFUL)
def test_what_could_harm_is_material_wherever_it_stands(field, old, new, why):
    before, after = pair_of(FIELDS[field], old, new)

    assert classify(before, after).kind == classify(after, before).kind == MATERIAL
    assert any(why in reason.why for reason in classify(before, after).reasons)


@pytest.mark.parametrize(("old", "new", "_"), HARMFUL)
def test_what_could_harm_is_material_in_a_quotation(old, new, _):
    assert classify(*pair_of(QUOTE, old, new)).kind == MATERIAL


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("old", "new", "why"), HARMLESS)
def test_what_is_surely_harmless_is_editorial_wherever_it_stands(field, old, new, why):
    before, after = pair_of(FIELDS[field], old, new)

    assert classify(before, after).kind == classify(after, before).kind == EDITORIAL
    assert all(why in reason.why for reason in classify(before, after).reasons)


@pytest.mark.parametrize(("old", "new", "why"), HARMLESS)
def test_a_quotation_may_change_in_white_space_and_the_form_of_marks_alone(old, new, why):
    is_form = why in ("white space", "form of a mark")

    assert classify(*pair_of(QUOTE, old, new)).kind == (EDITORIAL if is_form else MATERIAL)


def test_a_reason_names_place_item_words_and_why():
    before, after = pair_of(FIELDS["caution advice"], "It is not safe.", "It is safe.")

    [reason] = classify(before, after).reasons

    assert (reason.place, reason.section) == ("Risks: A heading · Caution: Pregnancy", "risks")
    assert (reason.was, reason.now) == ("It is not safe.", "It is safe.")
    assert reason.why == "a negation came, went or changed"


def test_of_a_material_change_only_what_made_it_so_is_told():
    before = put(put(medical(), FIELDS["title"], "Colour"), FIELDS["summary"], "It helps.")
    after = put(put(medical(), FIELDS["title"], "Color"), FIELDS["summary"], "It never helps.")

    assert [reason.place for reason in classify(before, after).reasons] == ["Summary"]


def test_a_first_version_is_material():
    assert classify(None, medical()).kind == MATERIAL


def changed(change):
    document = medical()
    change(document)
    return document


def rich(*children, **more):
    return changed(lambda document: document["sections"][0].update(text=[paragraph(*children, **more)]))


def linked(href):
    return rich(span("See "), span("this page", "m0"), markDefs=[{"_key": "m0", "_type": "link", "href": href}])


def in_prose(text, references=(1,), **more):
    made = {
        "_key": "m0",
        "_type": "citation",
        "references": list(references),
        "support": "direct",
        "locator": "",
    } | more
    before, after = text.split("@")
    return rich(span(before), span(str(list(references)), "m0"), span(after), markDefs=[made])


FORMS = {
    "raised text becomes plain": (rich(span("10"), span("2", "sup"), span(" cells")), rich(span("102 cells"))),
    "raised text is lowered": (rich(span("B"), span("2", "sup")), rich(span("B"), span("2", "sub"))),
    "bold goes": (rich(span("It is "), span("not", "strong"), span(" safe")), rich(span("It is not safe"))),
    "bold moves": (rich(span("a b ", "strong"), span("c")), rich(span("a ", "strong"), span("b c"))),
    "a heading becomes a paragraph": (rich(span("Doses"), style="h3"), rich(span("Doses"))),
    "a paragraph becomes a list item": (rich(span("Oil")), rich(span("Oil"), listItem="bullet", level=1)),
    "a list item moves in": (
        rich(span("Oil"), listItem="bullet", level=1),
        rich(span("Oil"), listItem="bullet", level=2),
    ),
    "a citation moves": (in_prose("It helps@ and soothes."), in_prose("It helps and soothes@.")),
    "a citation is weaker": (in_prose("It helps@."), in_prose("It helps@.", support="indirect")),
    "a citation is of another page": (in_prose("It helps@."), in_prose("It helps@.", locator="p. 4")),
    "a citation goes": (in_prose("It helps@."), rich(span("It helps."))),
    "a link goes": (linked("https://example.org/a"), rich(span("See this page"))),
    "a citation moves to another line": (in_prose("It helps.\n@It soothes."), in_prose("It helps.@\nIt soothes.")),
    "a private character": (rich(span("ab")), rich(span("a\ue001b"))),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_change_of_form_is_material(form):
    before, after = FORMS[form]

    assert classify(before, after).kind == classify(after, before).kind == MATERIAL


def test_a_full_stop_may_change_sides_with_a_citation():
    assert classify(in_prose("It soothes@."), in_prose("It soothes.@")).kind == EDITORIAL


LINKS = [
    ("http://example.org/care", "https://example.org/care", EDITORIAL),
    ("https://example.org/care", "https://Example.org/care", EDITORIAL),
    ("https://example.org/care?utm_source=mail&id=1", "https://example.org/care?id=1", EDITORIAL),
    ("https://example.org/care", "https://example.org/hair/care", MATERIAL),
    ("https://example.org/conditions/psoriasis", "https://example.org/conditions/eczema", MATERIAL),
    ("https://example.org/guides/babies", "https://example.org/guides/elderly", MATERIAL),
    ("https://example.org/emergency", "https://example.org/contact", MATERIAL),
    ("https://example.org/care#signs", "https://example.org/care#treatment", MATERIAL),
    ("https://example.org/care?about=a", "https://example.org/care?about=b", MATERIAL),
    ("https://example.org/care", "https://example.org//care", MATERIAL),
    ("https://example.org/care/", "https://example.org/care", EDITORIAL),
    ("https://example.org/care", "https://example.com/care", MATERIAL),
    ("https://example.org/care", "https://www.example.org/care", MATERIAL),
    ("https://example.org/care", "https://example.org:8443/care", MATERIAL),
    ("https://example.org/care", "https://ex\u0430mple.org/care", MATERIAL),
    ("https://example.org/care", "https://example.org@evil.example/care", MATERIAL),
    ("https://example.org/hydroxyzine", "https://example.org/hydralazine", MATERIAL),
    ("https://example.org/colchicine", "https://example.org/care", MATERIAL),
    ("https://example.org/page?id=12", "https://example.org/page?id=13", MATERIAL),
    ("https://example.org/safe", "https://example.org/not-safe", MATERIAL),
    ("https://doi.org/a/b", "https://doi.org/a/c", MATERIAL),
    ("http://doi.org/a/b", "https://doi.org/a/b", EDITORIAL),
    ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abd", MATERIAL),
    ("https://example.org/care", "mailto:care@example.org", MATERIAL),
    ("tel:+441", "tel:+442", MATERIAL),
    ("https://example.org/care", "https://[broken", MATERIAL),
]


@pytest.mark.parametrize(("old", "new", "kind"), LINKS)
def test_a_link_is_repaired_only_where_it_leads_to_the_same_page(old, new, kind):
    assert classify(linked(old), linked(new)).kind == classify(linked(new), linked(old)).kind == kind


VALUES = {
    "certainty": lambda d: d["sections"][1]["findings"][0].update(certainty="high"),
    "certainty basis": lambda d: d["sections"][1]["findings"][0].update(certainty_basis="quoted"),
    "sample size": lambda d: d["sections"][1]["findings"][0].update(sample_size=120),
    "subjects": lambda d: d["sections"][1]["findings"][0].update(subjects="animals"),
    "another finding": lambda d: d["sections"][1]["findings"].append(d["sections"][1]["findings"][0]),
    "no finding": lambda d: d["sections"][1]["findings"].clear(),
    "frequency": lambda d: d["sections"][2]["effects"][0].update(frequency="rare"),
    "no frequency": lambda d: d["sections"][2]["effects"][0].update(frequency=None),
    "severity": lambda d: d["sections"][2]["effects"][0].update(severity="severe"),
    "order of effects": lambda d: d["sections"][2]["effects"].reverse(),
    "caution level": lambda d: d["sections"][2]["cautions"][0].update(level="seek-advice"),
    "importance": lambda d: d["sections"][2].update(importance="must-show"),
    "aspect": lambda d: d["sections"][0].update(aspect="dosage"),
    "order of sections": lambda d: d["sections"].reverse(),
    "no section": lambda d: d["sections"].pop(),
    "section twice": lambda d: d["sections"].append(d["sections"][0]),
    "kind of section": lambda d: d["sections"][0].update(kind="conclusion"),
    "header row": lambda d: d["sections"][3]["table"].update(header_row=False),
    "yes is not one": lambda d: d["sections"][3]["table"].update(header_row=1),
    "a row": lambda d: d["sections"][3]["table"]["rows"].append(["Itch", "Rare"]),
    "no cell": lambda d: d["sections"][3]["table"]["rows"][1].pop(),
    "order of rows": lambda d: d["sections"][3]["table"]["rows"].reverse(),
    "a paragraph": lambda d: d["sections"][0]["text"].append(paragraph(span("More."))),
    "support": lambda d: d["sections"][1]["findings"][0]["citations"][0].update(support="background"),
    "locator": lambda d: d["sections"][1]["findings"][0]["citations"][0].update(locator="p. 4"),
    "no citation": lambda d: d["sections"][1]["findings"][0]["citations"].clear(),
    "unknown source": lambda d: d["sections"][1]["findings"][0]["citations"][0].update(reference=9),
    "language": lambda d: d.update(language="es"),
    "audience": lambda d: d.update(audience="clinician"),
    "code": lambda d: d["codes"][0].update(code="D2"),
    "substance": lambda d: d["substances"][0].update(name="colchicin"),
    "status": lambda d: d["substances"][0]["status"].append({"market": "US", "status": "off-label"}),
    "sponsorship": lambda d: d.update(sponsorship="A maker"),
    "format": lambda d: d.update(format=2),
    "a new field": lambda d: d.update(later=""),
    "a field less": lambda d: d.pop("summary"),
    "sections that are none": lambda d: d.update(sections=None),
    "design": lambda d: d["references"][0].update(design="randomized-trial"),
    "doi": lambda d: d["references"][0].update(doi="10.1/y"),
    "address of a work": lambda d: d["references"][0].update(url="https://example.org/"),
    "an author": lambda d: d["references"][0]["csl"]["author"][0].update(family="Deo"),
    "title of a work": lambda d: d["references"][0]["csl"].update(title="A trial"),
    "year of a work": lambda d: d["references"][0]["csl"].update(issued={"date-parts": [[2024]]}),
    "another work": lambda d: d["references"][0].update(source_id="b"),
    "no work": lambda d: d["references"].clear(),
    "a work more": lambda d: d["references"].append(d["references"][0] | {"source_id": "b", "number": 2}),
}


@pytest.mark.parametrize("value", VALUES)
def test_whatever_is_no_running_text_is_material(value):
    other = changed(VALUES[value])

    assert classify(medical(), other).kind == classify(other, medical()).kind == MATERIAL
    assert all(reason.why for reason in classify(medical(), other).reasons)


@pytest.mark.parametrize("value", VALUES)
def test_a_comma_elsewhere_hides_nothing(value):
    other = changed(VALUES[value])
    other["title"] = "Scalps."

    assert classify(medical(), other).kind == MATERIAL


def test_a_reference_may_be_mended_in_typography():
    before = changed(lambda d: d["references"][0]["csl"].update(title="The colour of “hair”"))
    after = changed(lambda d: d["references"][0]["csl"].update(title='The color of "hair"'))

    assert classify(before, after).kind == EDITORIAL


def test_the_name_of_a_stated_substance_is_no_spelling():
    before = changed(lambda d: d["substances"][0].update(name="anaemia"))

    assert classify(put(before, ("title",), "On anaemia"), put(before, ("title",), "On anemia")).kind == MATERIAL


@pytest.mark.parametrize(
    ("old", "new"), [("Crèmes, gels et huiles.", "Crèmes, gels, et huiles."), ("Le colour.", "Le color.")]
)
def test_in_a_language_without_lists_only_form_may_change(old, new):
    before, after = (put(put(medical(), ("language",), "fr"), FIELDS["summary"], text) for text in (old, new))

    assert classify(before, after).kind == MATERIAL
    assert classify(before, put(before, FIELDS["summary"], old.replace(" ", "\u00a0"))).kind == EDITORIAL


def test_of_very_many_reasons_the_first_are_told():
    before, after = pair_of(FIELDS["summary"], "red hair " * 2000, "red skin " * 2000)
    rows = [["It itches.", "It itches."]] * 100

    assert len(classify(before, after).reasons) == 1
    table = ("sections", 3, "table", "rows")
    other = [["It burns.", f"It burns, says {at}."] for at in range(100)]
    assert len(classify(put(medical(), table, rows), put(medical(), table, other)).reasons) == 40


# What the lists promise


def test_no_word_of_the_lists_is_one_of_danger():
    spelt = {word for pair in SPELLINGS | MISSPELT for word in pair} | STURDY

    assert not spelt & (DANGERS | {"mediation", "medial", "casual", "patent", "though", "pervious"})


@pytest.mark.parametrize("word", sorted(STURDY))
def test_no_slip_of_a_word_is_another_word_of_ours(word):
    known = STURDY | DANGERS | {each for pair in SPELLINGS for each in pair}

    assert not slips(word) & known


@pytest.mark.parametrize(
    ("one", "other"), [("Colour", "color"), ("COLOUR", "COLOR"), ("Infecton", "Infection"), ("", "")]
)
def test_spelling_keeps_capitals(one, other):
    assert not is_same_word(one, other)


# A whole article, as it is signed


@pytest.fixture(scope="module")
def signed(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_documents()
        transaction.set_rollback(True)


PARTS = ("medical", "presentation", "offer", "disclaimer")
# Words for people; ids, digests and closed lists are compared exactly.
NUMBERS = {"number", "reference", "references"}
READ = {
    "title",
    "summary",
    "heading",
    "text",
    "statement",
    "population",
    "advice",
    "name",
    "group",
    "outcome",
    "answer",
}
READ |= {"question", "caption", "alt", "credit", "label", "description", "quote", "action", "rows"}


def is_stand_in(document, path):
    return path[-1] == "text" and len(path) > 3 and path[-3] == "children" and at(document, path).startswith("[")


def read_by_people(document):
    """Paths of running text, without the numbers that stand for citations."""
    found = (path for path in leaves(document) if isinstance(at(document, path), str))
    texts = [path for path in found if {*path} & READ and "csl" not in path and "substances" not in path]
    coded = {"id", "kind", "_type", "style", "_key", "href", "support", "locator", "listItem", "sha256", "x", "y"}
    return [path for path in texts if path[-1] not in coded and "marks" not in path and not is_stand_in(document, path)]


@FAST
@given(data=st.data(), part=st.sampled_from(PARTS), word=st.sampled_from(sorted(DANGERS | SIGNS)))
def test_a_word_of_danger_that_comes_or_goes_is_material(signed, data, part, word):
    before = signed[part]
    path = data.draw(st.sampled_from(read_by_people(before)))
    words = at(before, path).split(" ")
    here = data.draw(st.integers(0, len(words)))
    after = put(before, path, " ".join([*words[:here], word, *words[here:]]))

    assert classify(before, after).kind == classify(after, before).kind == MATERIAL


@FAST
@given(data=st.data(), old=st.sampled_from(sorted(DANGERS)), new=st.sampled_from(sorted(DANGERS)))
def test_a_word_of_danger_that_becomes_another_is_material(signed, data, old, new):
    assume(old != new)
    path = data.draw(st.sampled_from(read_by_people(signed["medical"])))

    before, after = (put(signed["medical"], path, f"It {word} soothes, we think.") for word in (old, new))

    assert classify(before, after).kind == MATERIAL


@FAST
@given(data=st.data(), part=st.sampled_from(PARTS), digit=st.sampled_from(string.digits))
def test_a_digit_that_comes_goes_or_changes_is_material(signed, data, part, digit):
    before = signed[part]
    strings = [path for path in leaves(before) if isinstance(at(before, path), str) and at(before, path)]
    path = data.draw(st.sampled_from(strings))
    text = at(before, path)
    here = data.draw(st.integers(0, len(text)))
    after = put(before, path, text[:here] + digit + text[here + data.draw(st.integers(0, 1)) :])
    assume(canonical_bytes(before) != canonical_bytes(after))

    assert classify(before, after).kind == classify(after, before).kind == MATERIAL


@FAST
@given(data=st.data(), part=st.sampled_from(["medical", "presentation"]), number=st.integers(0, 9999))
def test_a_number_that_changes_is_material(signed, data, part, number):
    before = signed[part]
    path = data.draw(st.sampled_from([path for path in leaves(before) if type(at(before, path)) is int]))
    assume(at(before, path) != number)

    assert classify(before, put(before, path, number)).kind == MATERIAL


@FAST
@given(
    data=st.data(), part=st.sampled_from(PARTS), space=st.sampled_from(["\u00a0", "\u202f", "\u2009", "  ", " \u00a0"])
)
def test_white_space_of_another_width_is_editorial(signed, data, part, space):
    before = signed[part]
    path = data.draw(st.sampled_from([path for path in read_by_people(before) if " " in at(before, path)]))
    after = put(before, path, at(before, path).replace(" ", space))

    assert classify(before, after).kind == classify(after, before).kind == EDITORIAL


@FAST
@given(part=st.sampled_from(PARTS))
def test_what_is_equal_is_neither(signed, part):
    verdict = classify(signed[part], copy.deepcopy(signed[part]))

    assert (verdict.kind, verdict.reasons) == ("", ())


def somehow_changed(document, data):
    how = data.draw(st.sampled_from(["text", "text", "text", "drop", "reverse"]))
    if how == "text" or not list(lists(document)):
        path = data.draw(st.sampled_from([path for path in leaves(document) if isinstance(at(document, path), str)]))
        words = at(document, path).split(" ")
        here = data.draw(st.integers(0, len(words) - 1))
        alphabet = st.sampled_from(
            ["colour", "color", "a", "b,", "b.", "b", "–", "-", "b?", "\n", "5", "5,", "not", ""]
        )
        return put(document, path, " ".join([*words[:here], data.draw(alphabet), *words[here + 1 :]]))
    path = data.draw(st.sampled_from(list(lists(document))))
    items = at(document, path)
    return put(document, path, items[::-1] if how == "reverse" else items[1:])


@settings(FAST, max_examples=250)
@given(data=st.data(), part=st.sampled_from(PARTS))
def test_the_verdict_is_the_same_in_both_directions_and_agrees_with_the_differences(signed, data, part):
    before = somehow_changed(signed[part], data)
    after = somehow_changed(before, data)

    there, back = classify(before, after), classify(after, before)

    assert there.kind == back.kind
    assert bool(there.kind) == (canonical_bytes(before) != canonical_bytes(after)) == bool(there.reasons)
    assert bool(there.kind) == bool(differences(before, after))


PIECES = [
    "colour",
    "color",
    "not",
    "It",
    "it",
    "5",
    "mg",
    ",",
    ".",
    "–",
    "-",
    "—",
    "(",
    ")",
    "?",
    " ",
    "  ",
    "\n",
    "’",
    "'",
]


@settings(FAST, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.lists(st.sampled_from(PIECES), max_size=9))
@example(["color", " ", "colour"], ["colour", " ", "color"])
def test_texts_of_any_make_are_judged_alike_in_both_directions(old, new):
    before, after = pair_of(FIELDS["summary"], "".join(old), "".join(new))

    assert classify(before, after).kind == classify(after, before).kind


@FAST
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.lists(st.sampled_from(PIECES), max_size=9))
def test_what_is_editorial_keeps_letters_digits_and_signs(old, new):
    texts = "".join(old), "".join(new)

    kind = classify(*pair_of(FIELDS["summary"], *texts)).kind

    one, other = (["colour" if word == "color" else word for word in kept(text)] for text in texts)
    assert kind != EDITORIAL or one == other


def kept(text):
    """Its words without the marks and spaces that may come and go."""
    return "".join(" " if character in " \n,.–-—’'" else character for character in text).split()


def test_references_that_only_got_other_numbers_are_editorial(signed):
    verdict = classify(signed["medical"], renumbered(signed["medical"], [1, 0]))

    assert verdict.kind == EDITORIAL
    assert [reason.why for reason in verdict.reasons] == ["the references only got other numbers"]


def test_renumbering_hides_no_other_change(signed):
    other = renumbered(signed["medical"], [1, 0])
    other["title"] += " not"

    assert classify(signed["medical"], other).kind == MATERIAL
    assert [reason.place for reason in classify(signed["medical"], other).reasons] == ["Title"]
