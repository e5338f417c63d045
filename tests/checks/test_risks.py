"""Which numbers fit their frequency, and when a risks section says enough."""

import pytest

from articles.checks import engine
from articles.checks.claims import risks
from articles.checks.claims.risks import frequency_against_number
from tests.checks.conftest import an_effect, make_draft, make_section
from tests.checks.faults import OFF_LABEL, ZINC, warning
from tests.checks.faults import risks as risks_section

FITTING = [
    "Sting is very common (1 in 10).",
    "Sting is common: it happens in more than 1 in 100 people.",
    "Common effects (up to 1 in 10 people) are mild.",
    "Uncommon effects (less than 1 in 100 people) are mild.",
    "It is rare: 0.06 percent.",
    "It is very rare (fewer than 1 in 10,000).",
    "It is common (between 1 in 100 and 1 in 10).",
    "It is common (1% to 20%).",
    "It is more common in women, of whom 1 in 50,000 has it.",
    "It is not rare (1 in 20).",
    "It is rare, and 95% of all people recover.",
    "The scar is rare. 1 in 5 people itch.",
    "One of 2 in 1 products is common.",
    "It is rare (120%).",
    "It is rare (1 in 0).",
]
AGAINST = {
    "It is rare (1 in 50).": "1 in 50 is common, not rare",
    "Rare effects (up to 1 in 100 people) heal.": "1 in 100 is uncommon, not rare",
    "It is rarely seen (in 12% of adults).": "12% is very common, not rare",
    "It is very common (3 of every 100).": "3 of every 100 is common, not very common",
    "It is common (1 in 20,000).": "1 in 20,000 is very rare, not common",
}


@pytest.mark.parametrize("text", FITTING)
def test_a_number_fits_its_frequency(text):
    assert list(frequency_against_number(warning(text))) == []


@pytest.mark.parametrize(("text", "message"), AGAINST.items())
def test_a_number_of_another_band_is_found(text, message):
    (finding,) = frequency_against_number(warning(text))

    assert finding.message == f"Correct the number or the frequency in “Risks”: {message}."


@pytest.mark.parametrize("frequency", ["common", "not-known", ""])
def test_a_side_effect_with_a_number_of_its_band_or_without_a_band_is_in_order(frequency):
    draft = make_draft(risks_section(effects=[an_effect(name="Sting in 2 of 100", frequency=frequency), an_effect()]))

    assert list(frequency_against_number(draft)) == []


def test_a_frequency_in_the_text_is_enough():
    text = "<p>It stung 4 of 100 people.</p>"
    draft = make_draft(make_section("risks", text=text, effects=[an_effect(frequency="not-known")]))

    assert list(risks.effects_without_frequency(draft)) == []


@pytest.mark.parametrize(
    "draft",
    [
        warning("Avoid it in pregnancy and when breast-feeding.", ZINC),
        warning("Avoid it if you are pregnant or lactating. This use is off-label.", OFF_LABEL),
        warning("Avoid it in pregnancy and when breastfeeding. It is not licensed for the scalp.", OFF_LABEL),
    ],
)
def test_a_medicine_with_its_warnings_has_no_finding(draft):
    assert engine.run(draft) == []


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de", "Nicht in der Schwangerschaft oder beim Stillen. Dafür ist es nicht zugelassen."),
        ("es-MX", "No lo use en el embarazo ni durante la lactancia. Es un uso fuera de ficha técnica."),
        ("sv", "Inget."),
    ],
)
def test_other_languages_are_read_in_their_words_or_not_at_all(locale, text):
    draft = make_draft(*warning(text).of_kind("risks"), locale=locale, substances=(OFF_LABEL,))

    assert [finding for check in risks.CHECKS for finding in check(draft)] == []


def test_the_message_names_what_is_missing():
    (finding,) = risks.pregnancy_not_mentioned(warning("It can sting.", ZINC))

    assert finding.message == "Mention pregnancy and breastfeeding in the risks section: the article names zinc."
