"""Characters that nobody sees go, those that a script needs stay, and what was certainly misread is mended."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.authoring.characters import clean
from tests.factories import block, make_article, make_disclaimer, make_offer, make_user

CLEANED = {
    "am\u00adoxi\u00adcillin": "amoxicillin",
    "para\u200bcetamol": "paracetamol",
    "\ufeffZinc": "Zinc",
    "5\u2060 mg": "5 mg",
    "Â\u200cµ": "Âµ",
    "5 Âµg": "5 µg",
    "37 Â°C Â± 1": "37 °C ± 1",
    "5Â\u00a0mg": "5\u00a0mg",
    "donâ€™t â€œtakeâ€\u009d 5â€“10 mg": "don’t “take” 5–10 mg",
    "â‰¥ 65 years": "≥ 65 years",
    "zinc\u200c and \u200dnails": "zinc and nails",
}
KEPT = [
    "می\u200cخواهم",  # Persian: the joiner parts letters that would join
    "क्\u200dष",  # Hindi
    "👩\u200d⚕️",
    "NÃO, MAÇÃ, CÂMARA, « Â »",
    "5\u00a0mg and 10\u202f000",
    "m², 10³, H₂O",
    "Ωμέγα",
]


@pytest.mark.parametrize(("text", "cleaned"), CLEANED.items())
def test_what_nobody_sees_is_removed_and_what_was_misread_is_mended(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", KEPT)
def test_what_a_script_needs_or_a_language_writes_stays(text):
    assert clean(text) == text


@given(st.text())
def test_no_visible_character_is_lost_or_made_of_plain_text(text):
    plain = "".join(sign for sign in text if sign not in "Ââ")

    assert [sign for sign in clean(plain) if sign.isalnum()] == [sign for sign in plain if sign.isalnum()]


@pytest.mark.django_db
def test_an_article_is_cleaned_when_it_is_saved():
    body = [
        block("introduction", text="<p>am\u00adoxi <b>cil\u200blin</b></p>"),
        block("causes", items=[{"name": "Yea\u00adst", "citations": []}]),
        block("table", table={"data": [["5 Âµg", "x"]], "table_caption": "Do\u00adse"}),
    ]

    page = make_article(by=make_user("author", "Authors"), title="Zi\u00adnc", summary="Zi\u200bnc.", body=body)

    saved = page.get_latest_revision_as_object()
    assert (saved.title, saved.summary) == ("Zinc", "Zinc.")
    assert saved.body[0].value["text"].source == "<p>amoxi <b>cillin</b></p>"
    assert saved.body[1].value["items"][0]["name"] == "Yeast"
    assert saved.body[2].value["table"]["data"] == [["5 µg", "x"]]


@pytest.mark.django_db
def test_components_are_cleaned_too():
    offer = make_offer(label="Bo\u00adok", text="Talk it thr\u200bough.")
    disclaimer = make_disclaimer(text="<p>No ad\u00advice.</p>")

    assert (offer.label, offer.text, disclaimer.text) == ("Book", "Talk it through.", "<p>No advice.</p>")


def test_a_very_long_text_is_cleaned_in_time():
    begun = time.monotonic()

    assert clean("x\u200d" * 1_000_000) == "x" * 1_000_000
    assert time.monotonic() - begun < 20
