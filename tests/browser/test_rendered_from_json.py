"""A page of plain JavaScript (reader.js) shows from JSON alone what readers must see, in three languages."""

from pathlib import Path

import pytest

from api.v1.fixtures.languages import translated

SCRIPT = (Path(__file__).parent / "reader.js").read_text()
SHOW = """
async ([name, locale, market]) => {
  const [article, words] = await Promise.all(
    [`fixtures/${name}/`, `vocabulary/?locale=${locale}`].map(async (url) => (await fetch(`/api/v1/${url}`)).json()),
  );
  document.body.innerHTML = render(article, words, market);
  return [document.body.innerText, document.body.innerHTML];
}
"""


@pytest.fixture
def shown(visit):
    """shown(fixture, language): the text and the HTML of the page that the script makes of it."""

    def page_of(name: str, locale: str = "en", market: str = ""):
        page = visit("/")
        page.add_script_tag(content=SCRIPT)
        text, html = page.evaluate(SHOW, [name, locale, market])
        return " ".join(text.split()), html

    return page_of


SAID = ("Boredom", "Take no examples.", "You believe it.", "Nobody pays for this.", "A fixture is no advice.")


@pytest.mark.parametrize(
    ("name", "locale", "words"),
    [
        ("current", "en", ("Medically reviewed by Rita Review, MD", "Last reviewed 2026-11-20", "Side effects")),
        ("german", "de", ("Medizinisch geprüft von Rita Review, MD", "Nebenwirkungen", "Häufig")),
        ("spanish", "es", ("Revisión médica a cargo de Rita Review, MD", "Efectos adversos", "Frecuente")),
    ],
)
def test_review_must_show_sections_disclosure_disclaimer_and_references_are_shown(shown, name, locale, words):
    text, _ = shown(name, locale)

    assert [word for word in words if word not in text] == []
    for said in SAID:
        assert translated(said, locale) in text
    assert "The Book of Examples" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("overdue", ("The review of this article is overdue.", "2026-11-01")),
        ("emergency", ("Published in an emergency",)),
        ("safety-notice", ("Stop. This is a fixture.", "2026-11-20")),
        ("correction", ("An example was called a result.",)),
        ("retracted-source", ("Reference 1 has been retracted.", "1 Retracted", "Retracted Doe J")),
        ("longest", ("Paid for by a company whose name is long.",)),
    ],
)
def test_what_stands_above_a_text_and_at_its_claims_is_shown(shown, name, words):
    text, _ = shown(name)

    assert [word for word in words if word not in text] == []


def test_an_offer_is_shown_in_its_markets_alone(shown):
    assert "Ask an example" not in shown("off-market", market="DE")[0]
    assert "Only in: US, CA" in shown("off-market", market="US")[0]


def test_a_kind_of_section_from_tomorrow_is_shown(visit):
    page = visit("/")
    page.add_script_tag(content=SCRIPT)

    text = page.evaluate(
        """async () => {
          const ask = (url, headers) => fetch(url, { headers }).then((answer) => answer.json());
          const article = await ask('/api/v1/fixtures/current/', { Prefer: 'vetted=tomorrow' });
          document.body.innerHTML = render(article, await ask('/api/v1/vocabulary/', {}));
          return document.body.innerText;
        }"""
    )

    assert "From tomorrow" in text and "A kind of notice from tomorrow." in text
