"""Makes pastes of labelled articles: the ways in which people copy a page into a text file, drawn at random by a seed.

The words of the sections are the corpus's; what is drawn is the furniture of the page, the dress of headings, blank
lines, wrapping, the source list, captions, offers and what is left away. Each line keeps the tag that it teaches.
"""

# ruff: noqa: E501 - lists of names: one line reads better than a wrapped one
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from articles.intake.recognize.tagging import Tag
from articles.intake.teaching.labelled import Labelled, Line, Section, read_labelled, wrapped

LISTS = ("opening", "middle", "tail", "contents", "sources", "captions", "quotes", "references")
Phrases = dict[str, list[str]]
BULLETS = ("-", "•", "*", "–")


@dataclass
class Corpus:
    """For each language: articles, whole pages, phrases by list, plain headings by kind."""

    articles: dict[str, list[Labelled]] = field(default_factory=dict)
    pages: dict[str, list[Labelled]] = field(default_factory=dict)
    phrases: dict[str, Phrases] = field(default_factory=dict)
    plain: dict[str, Phrases] = field(default_factory=dict)


@dataclass(frozen=True)
class Paste:
    """The lines of a file with their tags; "" is a blank line, whose tag says nothing."""

    language: str
    lines: tuple[tuple[str, Tag], ...]
    width: int = 0

    @property
    def text(self) -> str:
        return "\n".join(part for text, _ in self.lines for part in wrapped(text, self.width)) + "\n"


def read_corpus(folder: Path) -> Corpus:
    corpus = Corpus()
    for language in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        corpus.articles[language] = [read_labelled(path) for path in sorted((folder / language).glob("[0-9]*.lab"))]
        corpus.pages[language] = [read_labelled(path) for path in sorted((folder / language).glob("page-*.lab"))]
        corpus.phrases[language] = {
            name: [
                line
                for line in (folder / language / f"{name}.txt").read_text(encoding="utf-8").splitlines()
                if line.strip()
            ]
            for name in LISTS
        }
        for page in corpus.pages[language]:
            _collect(page, corpus.phrases[language])
        corpus.plain[language] = _by_kind(folder / language / "plain.txt")
    return corpus


def _collect(page: Labelled, phrases: Phrases) -> None:
    """What surrounds the article on a labelled page joins the lists of phrases, by where it stands."""
    letters = [line.letter for line in page.lines]
    first, last = letters.index("K"), max(at for at, letter in enumerate(letters) if letter in "PISh" and letter)
    for at, line in enumerate(page.lines):
        if line.letter == "F" and any(map(str.isalnum, line.text)):
            phrases["opening" if at < first else "tail" if at > last else "middle"].append(line.text)
        elif line.letter in ("C", "X"):
            phrases["captions" if line.letter == "C" else "sources"].append(line.text)


def topic_of(article: Labelled) -> str:
    return article.head.get("topic") or article.title.partition(":")[0].strip(" ?!.")


def _by_kind(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, heading = line.partition(":")
        if heading.strip():
            found.setdefault(kind.strip(), []).append(heading.strip())
    return found


def make_paste(
    article: Labelled, others: Sequence[Labelled], phrases: Phrases, plain: Phrases, chance: random.Random
) -> Paste:
    """One paste of the article. `others` lend paragraphs of the same kind, so that sections differ in length."""
    return Maker(article, others, phrases, plain, chance).paste()


def page_paste(page: Labelled, chance: random.Random) -> Paste:
    """A page as it is, or with some of its furniture away, other blank lines or another width."""
    layout = chance.choice(("own", "own", "tight", "loose"))
    share = chance.choice((0.0, 0.0, 0.2, 0.5))
    lines: list[tuple[str, Tag]] = []
    for text, tag in _tagged(page):
        if not text and layout != "own":
            continue
        if tag is Tag.FURNITURE and text and chance.random() < share:
            continue
        lines.append((text, tag))
        if layout == "loose" and not (tag is Tag.TEXT and re.match(r"\W ", text)):
            lines.append(("", Tag.TEXT))
    width = int(page.head.get("wrap", 0))
    return Paste(page.language, tuple(lines), chance.choice((0, width)) if layout == "loose" else width)


ROMAN = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
)
LETTERS = {
    "T": Tag.TITLE,
    "H": Tag.HEADING,
    "h": Tag.SUBHEADING,
    "C": Tag.CAPTION,
    "X": Tag.SOURCES_HEADING,
    "S": Tag.SOURCE,
    "F": Tag.FURNITURE,
}


def _tagged(page: Labelled) -> Iterator[tuple[str, Tag]]:
    is_offer = False  # an offer that has no heading
    for line in page.lines:
        if line.letter == "K":
            is_offer = line.text.split(";")[0].strip() == "cta"
            continue
        is_offer = is_offer and line.letter != "H"
        plain = Tag.CALL if is_offer else Tag.TEXT
        yield line.text, LETTERS.get(line.letter, plain)


class Maker:
    def __init__(
        self, article: Labelled, others: Sequence[Labelled], phrases: Phrases, plain: Phrases, chance: random.Random
    ) -> None:
        self.article, self.others, self.phrases, self.plain, self.chance = article, others, phrases, plain, chance
        self.site = chance.choice(SITES)
        self.lines: list[tuple[str, Tag]] = []
        self.is_tight = chance.random() < 0.2  # no blank lines at all
        self.is_half_tight = not self.is_tight and chance.random() < 0.25  # blank lines only before headings
        self.is_bare = chance.random() < 0.12  # no furniture
        self.has_headings = chance.random() > 0.06
        self.dress = chance.choices(
            ("plain", "capitals", "1.", "1)", "colon", "underlined", "title case", "I."), (50, 8, 8, 6, 8, 5, 10, 2)
        )[0]
        self.bullet = chance.choice(BULLETS)
        self.plainness = chance.choice((0.0, 0.0, 0.3, 0.8, 1.0))
        self.topic = topic_of(article)
        self.title = self._dressed_title()
        self.repeated = chance.choice(phrases["contents"] + phrases["quotes"])[:40]

    def paste(self) -> Paste:
        sections = self.sections()
        self._opening(sections)
        self._body(sections)
        self._sources()
        self._tail()
        width = self.chance.choice((60, 66, 72, 78)) if not self.is_tight and self.chance.random() < 0.2 else 0
        return Paste(self.article.language, tuple(self.lines), width)

    # What is in it

    def sections(self) -> list[Section]:
        """Some of the sections in their order, the first kept; some of them longer by others' paragraphs."""
        sections = self.article.sections
        keep = self.chance.uniform(0.4, 1.0)
        chosen = [each for number, each in enumerate(sections) if number == 0 or self.chance.random() < keep]
        return [self._longer(each) for each in chosen]

    def _longer(self, section: Section) -> Section:
        lines = list(section.lines)
        if section.kind != "cta" and self.chance.random() < 0.45:
            alike = [each for other in self.others for each in other.sections if each.kind == section.kind]
            for each in self.chance.sample(alike, min(len(alike), self.chance.choice((1, 1, 2, 3)))):
                lines += [line for line in each.lines if line.letter != "h"]
        if self.chance.random() < 0.2:
            lines = _joined(lines)
        if section.kind != "cta" and self.chance.random() < 0.3:
            lines = self._with_list(lines, section)
        if section.kind not in ("cta", "faq") and self.chance.random() < 0.15:
            lines = self._with_subheadings(lines)
        return replace(section, lines=lines, heading=self._headed(section))

    def _headed(self, section: Section) -> str:
        """Some articles have plain headings, with the topic in them."""
        is_opening = section.kind == "introduction" and self.plainness >= 0.8 and self.chance.random() < 0.6
        if not (section.heading or is_opening) or self.chance.random() > self.plainness:
            return section.heading
        plain = self.plain.get(section.kind)
        return self.chance.choice(plain).replace("{topic}", self.topic) if plain else section.heading

    def _with_list(self, lines: list[Line], section: Section) -> list[Line]:
        """Short items below the text, made of pieces of its sentences; some lists are announced."""
        words = " ".join(line.text for line in lines)
        pieces = [piece.strip(" .!?;:") for piece in re.split(r"[,;.]| (?:and|und|oder|or|y|o|et|ou|e|en|of) ", words)]
        pieces = [
            piece for piece in dict.fromkeys(pieces) if 1 <= len(piece.split()) <= self.chance.choice((2, 4, 9, 14))
        ]
        if len(pieces) < 3:
            return lines
        items = self.chance.sample(pieces, min(len(pieces), self.chance.randint(3, 9)))
        end = self.chance.choice(("", "", "", ".", ";"))
        letter = "I" if self.chance.random() < 0.75 else "P"
        announced = (
            [Line("P", self.chance.choice(lines).text.split(".")[0] + ":")] if self.chance.random() < 0.4 else []
        )
        return [*lines, *announced, *(Line(letter, item[:1].upper() + item[1:] + end) for item in items)]

    def _with_subheadings(self, lines: list[Line]) -> list[Line]:
        """Names of things above paragraphs, dressed unlike the headings; some come again in every section."""
        fragments = [
            piece.strip() for line in lines for piece in re.split(r"[,.;:]", line.text) if 1 <= len(piece.split()) <= 4
        ]
        if not fragments:
            return lines
        found: list[Line] = []
        for line in lines:
            if line.letter == "P" and self.chance.random() < 0.6:
                name = self.repeated if self.chance.random() < 0.3 else self.chance.choice(fragments)
                found.append(Line("h", name[:1].upper() + name[1:]))
            found.append(line)
        return found

    # The page

    def _opening(self, sections: Sequence[Section]) -> None:
        above = 0 if self.is_bare else self.chance.choice((0, 0, 1, 1, 2, 3, 5))
        for phrase in self._some("opening", above):
            self._add(phrase, Tag.FURNITURE)
        if above and self.chance.random() < 0.3:
            self._add(self.chance.choice(TRAILS).format(site=self.site, title=self.title), Tag.FURNITURE)
        if above and self.chance.random() < 0.08:
            self._add(self.title, Tag.FURNITURE)
        self._add(self.title, Tag.TITLE)
        for phrase in self._some("opening", 0 if self.is_bare else self.chance.choice((0, 0, 1, 2, 3, 4))):
            self._add(phrase, Tag.FURNITURE, tight=self.chance.random() < 0.5)
        if not self.is_bare and self.chance.random() < 0.05:
            self._add(self.title, Tag.FURNITURE)
        if self.chance.random() < 0.22:
            self._contents(sections)
        if self.chance.random() < 0.25:
            self._add(self._one("captions"), Tag.CAPTION)

    def _dressed_title(self) -> str:
        title = self.article.title
        if self.plainness >= 0.3 and self.chance.random() < 0.5:
            title = self.topic[:1].upper() + self.topic[1:]
        return title.upper() if self.chance.random() < 0.06 else title

    def _contents(self, sections: Sequence[Section]) -> None:
        if self.chance.random() < 0.85:
            self._add(self._one("contents"), Tag.FURNITURE)
        mark = self.chance.choice(("", "", f"{self.bullet} ", "{}. "))
        dressed = self.chance.random() < 0.7
        headings = [section.heading for section in sections if section.heading]
        for number, heading in enumerate(headings, start=1):
            shown = self._dressed(heading, number) if dressed else heading
            self._add(mark.format(number) + shown, Tag.FURNITURE, tight=True)
        self._blank()

    # The text

    def _body(self, sections: Sequence[Section]) -> None:
        number = 0
        for position, section in enumerate(sections):
            if section.heading and self.has_headings:
                number += 1
                self._heading(section.heading, number)
            self._section(section)
            self._interrupt(position, len(sections))

    def _section(self, section: Section) -> None:
        tag = Tag.CALL if section.kind == "cta" and not section.heading else Tag.TEXT
        lines = section.lines
        for at, line in enumerate(lines):
            if line.letter == "h":
                self._add(
                    line.text.upper() if self.dress == "capitals" and self.chance.random() < 0.3 else line.text,
                    Tag.SUBHEADING,
                )
            elif line.letter == "I":
                is_last = at + 1 == len(lines) or lines[at + 1].letter != "I"
                words = re.sub(r"^\W+ ", "", line.text)
                self._add(f"{self.bullet} {words}", tag, tight=not is_last)
            else:
                self._add(line.text, tag)

    def _heading(self, heading: str, number: int) -> None:
        """A heading stands right above its text in some files."""
        self._blank()
        tight = self.chance.random() < (0.9 if self.is_half_tight else 0.25)
        self._add(self._dressed(heading, number), Tag.HEADING, tight=tight or self.dress == "underlined")
        if self.dress == "underlined":
            self.lines.append(("-" * min(len(heading), 60), Tag.FURNITURE))
            self._blank()

    def _dressed(self, heading: str, number: int) -> str:
        if self.dress == "capitals":
            return heading.upper()
        if self.dress == "colon":
            return heading if heading[-1:] in "?!" else f"{heading}:"
        if self.dress == "title case":
            return " ".join(word[:1].upper() + word[1:] for word in heading.split())
        if self.dress in ("1.", "1)"):
            return f"{number}{self.dress[1]} {heading}"
        if self.dress == "I.":
            return f"{ROMAN[number - 1]}. {heading}"
        return heading

    def _interrupt(self, position: int, total: int) -> None:
        draw = self.chance.random
        if not self.is_bare and draw() < 0.1:
            self._add(self._one("middle"), Tag.FURNITURE)
        if draw() < 0.04:
            self._add(self._one("quotes"), Tag.TEXT)
        if draw() < 0.04:
            self._add(self._one("captions"), Tag.CAPTION)
        if position + 1 < total and draw() < 0.05:
            self._add(self._call(), Tag.CALL)
            if not self.is_bare and draw() < 0.4:
                self._add(self._one("middle"), Tag.FURNITURE)

    def _call(self) -> str:
        calls = [line.text for other in self.others for section in other.sections if section.kind == "cta" and not section.heading
                 for line in section.lines if line.letter == "P"]  # fmt: skip
        return self._filled(self.chance.choice(calls)) if calls else self._one("middle")

    def _sources(self) -> None:
        if self.chance.random() > 0.7:
            return
        if self.chance.random() < 0.9:
            heading = self._one("sources")
            self._blank()
            self._add(
                self._dressed(heading, 20) if self.dress in ("capitals", "colon") else heading,
                Tag.SOURCES_HEADING,
                tight=self.chance.random() < 0.4,
            )
        mark = self.chance.choice(("", "", "", "[{}] ", "{}. ", "{}) ", "- ", "• "))
        style = self.chance.sample(self.phrases["references"], self.chance.choice((1, 1, 2, 3)))
        for number in range(1, self.chance.randint(2, 7)):
            line = self._filled(self.chance.choice(style))
            self._add(mark.format(number) + line, Tag.SOURCE, tight=self.chance.random() < 0.6)
        self._blank()

    def _tail(self) -> None:
        count = 0 if self.is_bare else self.chance.choice((0, 1, 2, 3, 4, 6, 8))
        for phrase in self._some("tail", count):
            self._add(phrase, Tag.FURNITURE, tight=self.chance.random() < 0.6)

    # Bookkeeping

    def _add(self, text: str, tag: Tag, *, tight: bool = False) -> None:
        self.lines.append((text, tag))
        if not (tight or self.is_tight or (self.is_half_tight and tag in (Tag.TEXT, Tag.SUBHEADING))):
            self._blank()

    def _blank(self) -> None:
        if not self.is_tight and self.lines and self.lines[-1][0]:
            self.lines.append(("", Tag.TEXT))

    def _some(self, name: str, count: int) -> list[str]:
        return [
            self._filled(each) for each in self.chance.sample(self.phrases[name], min(count, len(self.phrases[name])))
        ]

    def _one(self, name: str) -> str:
        return self._filled(self.chance.choice(self.phrases[name]))

    def _filled(self, phrase: str) -> str:
        draw = self.chance
        values = {
            "site": self.site,
            "title": draw.choice(self.others).title if "surname" in phrase or "{url}" in phrase else self.title,
            "surname": draw.choice(SURNAMES),
            "initials": draw.choice(INITIALS),
            "journal": draw.choice(JOURNALS),
            "publisher": draw.choice(PUBLISHERS),
            "year": str(draw.randint(1998, 2026)),
            "vol": str(draw.randint(1, 140)),
            "issue": str(draw.randint(1, 12)),
            "p1": str(draw.randint(1, 899)),
            "p2": str(draw.randint(900, 1500)),
            "doi": f"10.5555/{draw.choice(('x', 'abc.', 's', ''))}{draw.randint(1000, 999999)}",
            "pmid": str(draw.randint(1000000, 39999999)),
            "url": f"https://www.{draw.choice(HOSTS)}/{draw.choice(('topics/', 'health/', '', 'guide/'))}{draw.randint(10, 9999)}",
        }
        return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), phrase)


def _joined(lines: list[Line]) -> list[Line]:
    """Paragraphs that stand after one another become one."""
    found: list[Line] = []
    for line in lines:
        if found and line.letter == found[-1].letter == "P":
            found[-1] = Line("P", f"{found[-1].text} {line.text}")
        else:
            found.append(line)
    return found


TRAILS = (
    "{site} > {title}",
    "{title} | {site}",
    "{title} - {site}",
    "{site} / … / {title}",
    "… › {title}",
    "{site}: {title}",
)

# Invented names. DOIs have the prefix 10.5555, which Crossref keeps for examples.
SITES = ("Halden Health", "Brightwater Clinic", "Elm Road Surgery", "MediNord", "Praxis am Linden", "Casa Salud", "Pulso",
         "Gesundblick", "Lindenhof", "The Daily Physician", "Clínica Ribera", "Santé Claire", "Saúde Viva", "Gezond Thuis",
         "Northgate Hospital", "Vitalia", "carelines.example", "Dr. Ohlert & Team", "Apotheke am Markt", "HealthHarbor")  # fmt: skip
SURNAMES = ("Okafor", "Lindgren", "Petrov", "Marsh", "Tanaka", "Iglesias", "van Dijk", "de Souza", "Moreau", "Schäfer", "O'Brien", "Nuñez",
            "Haugen", "Rossi", "Abadi", "Kowalczyk", "Brandt", "Silva", "Dubois", "Chen")  # fmt: skip
INITIALS = ("A", "JB", "M", "KL", "R", "PT", "S", "E", "DW", "C")
JOURNALS = (
    "J Gen Health",
    "Ann Clin Rev",
    "Acta Exempli",
    "Primary Care J",
    "Eur J Exam",
    "Rev Clin",
    "Z Allgemeinmed Bsp",
    "Am J Exampl Med",
)
PUBLISHERS = ("World Health Organization", "National Library of Medicine", "Gesundheitsinformation.de", "Ministerio de Sanidad", "Inserm",
              "Ministério da Saúde", "Thuisarts.nl", "NHS", "Cochrane", "Robert Koch-Institut", "Deutsche Gesellschaft für Allgemeinmedizin",
              "Sociedad Española de Medicina de Familia", "Haute Autorité de Santé", "Mayo Clinic", "CDC", "RIVM", "European Medicines Agency")  # fmt: skip
HOSTS = ("example.org", "health.example", "example.com", "salud.example", "gesund.example", "sante.example")
