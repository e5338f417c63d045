"""A long article: 10,000 words in 60 sections of every kind, in words of an invented language.

Who uses it: the proof of the editor's speed (tests/bench/editor), and the tests of what holds without a stopwatch.
"""

import random
from uuid import UUID

from tests.factories import block, citation, listed

WORDS = 10_000
# Which sections in which order: what a long article of this house has most of is running text.
OPENING, ENDING = ("introduction",), ("cta", "conclusion", "sources")
MIDDLE = (
    *("prose", "causes", "prose", "mechanism", "prose", "evidence", "prose"),
    *("risks", "prose", "seek_help", "prose", "faq", "table", "figure"),
) * 4
KINDS = (*OPENING, *MIDDLE, *ENDING)
PROSE_WORDS = 210  # of one section of running text; the lists have what remains


class Pen:
    """Writes the same words each time."""

    def __init__(self, sources: list) -> None:
        self.dice = random.Random(7)
        self.sources = sources
        syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
        self.vocabulary = ["".join(self.dice.choices(syllables, k=self.dice.randint(1, 3))) for _ in range(3_000)]

    def words(self, number: int) -> str:
        return " ".join(self.dice.choices(self.vocabulary, k=number))

    def sentence(self, number: int = 14) -> str:
        return f"{self.words(number).capitalize()}."

    def cited(self) -> str:
        source = self.dice.choice(self.sources)
        place = f"p. {self.dice.randint(1, 99)}"
        return f'<a linktype="citation" sources="{source.pk}" support="direct" locator="{place}">[1]</a>'

    def citations(self) -> list[dict]:
        return [citation(self.dice.choice(self.sources), quote=self.sentence())]

    def paragraph(self, number: int) -> str:
        anchor = f'<a linktype="anchor" section="{id_of(self.dice.randrange(len(KINDS)))}">{self.words(2)}</a>'
        first, *others = [self.sentence() for _ in range(max(number // 14, 1))]
        return f"<p><b>{first}</b> {' '.join(others)} {self.cited()} {anchor if number > 60 else ''}</p>"

    def text(self, number: int) -> str:
        """Paragraphs with citations, a list in every second, a heading in every third."""
        parts = []
        for at in range(number // 70):
            parts.append(f"<h3>{self.words(4)}</h3>" if at % 3 == 2 else "")
            parts.append(self.paragraph(70))
            parts.append("<ul>" + f"<li>{self.words(6)}</li>" * 3 + "</ul>" if at % 2 else "")
        return "".join(parts)


def long_body(*, sources: list, image, kinds: tuple[str, ...] = KINDS) -> list[dict]:
    """`sources` and `image` are rows of the library that the article uses."""
    pen = Pen(sources)
    made = [block(kind, heading=pen.words(5).capitalize(), **_fields(kind, pen, image)) for kind in kinds]
    for number, section in enumerate(made):
        section["id"] = id_of(number)
    return made


def id_of(number: int) -> str:
    """The id of the section with this number, from 0."""
    return str(UUID(int=number + 1, version=4))


def _fields(kind: str, pen: Pen, image) -> dict:  # noqa: C901 - one case for each kind
    match kind:
        case "prose":
            return {"text": pen.text(PROSE_WORDS), "aspect": "other"}
        case "causes":
            items = [
                {"name": pen.words(2), "text": pen.sentence(20), "codes": [], "citations": pen.citations()}
                for _ in range(4)
            ]
            return {"text": pen.paragraph(28), "items": items}
        case "mechanism":
            steps = [
                {"target": pen.words(1), "action": "binds", "outcome": pen.sentence(), "citations": pen.citations()}
                for _ in range(3)
            ]
            return {"text": pen.paragraph(28), "steps": steps}
        case "evidence":
            return {"text": pen.paragraph(28), "findings": [_finding(pen) for _ in range(4)]}
        case "risks":
            return {"text": pen.paragraph(28), **_risks(pen)}
        case "seek_help":
            return {"level": "routine", "signs": listed(*(pen.words(6) for _ in range(4))), "action": pen.sentence()}
        case "faq":
            return {"items": [{"question": f"{pen.words(6)}?", "answer": pen.paragraph(40)} for _ in range(4)]}
        case "table":
            rows = [[pen.words(2) for _ in range(4)] for _ in range(6)]
            table = {"data": rows, "first_row_is_table_header": True, "table_header_choice": "row"}
            return {"text": pen.paragraph(14), "table": table | {"table_caption": pen.words(5)}}
        case "figure":
            words = {"alt": pen.words(6), "caption": pen.sentence(), "credit": pen.words(2)}
            return {"text": pen.paragraph(14), "figure": {"image": image.pk, "decorative": False} | words}
        case "cta":
            return {"text": f"<p>{pen.sentence()}</p>", "purposes": ["consultation"]}
        case "sources":
            return {"items": listed(*(source.pk for source in pen.sources[:3]))}
    return {"text": pen.paragraph(70)}


def _finding(pen: Pen) -> dict:
    return {
        "statement": pen.sentence(),
        "subjects": "people",
        "population": pen.words(4),
        "sample_size": 120,
        "effect": pen.sentence(),
        "comparator": pen.words(3),
        "absolute": "12 of 100 instead of 20 of 100",
        "certainty": "low",
        "certainty_basis": "our-judgement",
        "citations": pen.citations(),
    }


def _risks(pen: Pen) -> dict:
    effect = {"frequency": "common", "severity": "mild", "route": "any"}
    return {
        "effects": [{"name": pen.words(2), "citations": pen.citations()} | effect for _ in range(5)],
        "cautions": [
            {"group": pen.words(3), "level": "avoid", "advice": pen.sentence(), "citations": pen.citations()}
            for _ in range(2)
        ],
        "interactions": [{"name": pen.words(2), "advice": pen.sentence(), "citations": pen.citations()}],
    }
