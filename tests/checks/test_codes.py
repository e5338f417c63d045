"""Codes beside their names: what the loaded lists say, and what is not judged."""

import pytest

from tests.checks.conftest import make_draft, make_section
from tests.checks.faults import HAIR_LOSS

SIROLIMUS = {"name": "sirolimus", "system": "rxnorm", "code": "35302"}
LISTED = {"icd-10-cm": {"L65.9": HAIR_LOSS}, "rxnorm": {"35302": ("sirolimus", "rapamycin")}}


def coded(**code) -> dict:
    return {"system": "icd-10-cm", "code": "L65.9", "display": HAIR_LOSS[0]} | code


@pytest.mark.parametrize(
    "code",
    [
        coded(),
        coded(display="NONSCARRING HAIR LOSS (UNSPECIFIED)"),
        coded(display="Hair loss"),
        coded(display=""),
        coded(system="mesh", code="D000505", display="Alopecia"),
        coded(system="", display="Psoriasis"),
        {"system": None, "code": 7, "display": ["Psoriasis"]},
    ],
    ids=["as listed", "case and signs", "a synonym", "no words", "a list not loaded", "no terminology", "malformed"],
)
def test_a_code_that_fits_or_cannot_be_judged_has_no_finding(found, code):
    assert found(make_draft(codes=(code,), listed_codes=LISTED)) == []


def test_the_name_of_a_substance_is_compared_with_its_code(found):
    fits, differs = SIROLIMUS | {"name": "Rapamycin"}, SIROLIMUS | {"name": "tacrolimus"}

    draft = make_draft(substances=(fits, differs), listed_codes=LISTED)

    assert [path for code, _, path in found(draft) if code == "code_and_words_differ"] == ["substances/1"]


def test_a_substance_that_its_list_does_not_have_is_found(found):
    assert ("code_not_in_list", "warning", "substances/0") in found(
        make_draft(substances=(SIROLIMUS,), listed_codes={"rxnorm": {}})
    )


def test_the_codes_of_a_cause_are_read_too(found):
    items = [{"name": "Dandruff", "codes": [coded(), coded(code="L99.99")], "citations": []}]

    draft = make_draft(make_section("causes", heading="Why", items=items), listed_codes=LISTED)

    assert ("code_not_in_list", "warning", "body/causes/items/0/codes/1") in found(draft)
