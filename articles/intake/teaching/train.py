"""Teaches the two models of the import from the corpus beside this file: `make train-intake`.

The same corpus gives the same bytes. Printed is how sure the models may be: their confidence beside the share that was
right, on pages that they were not taught.
"""

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from articles.intake.outline import Block
from articles.intake.recognize import block_features, chain, section_features
from articles.intake.recognize.meanings import MEANINGS
from articles.intake.recognize.section_features import Seen
from articles.intake.recognize.tagging import Tag
from articles.intake.teaching.blocks import marked, read_paste
from articles.intake.teaching.calibrate import Judged, fit_steps, judge, table
from articles.intake.teaching.fitting import Row, Settings, fit
from articles.intake.teaching.labelled import Labelled, Section
from articles.intake.teaching.pastes import Corpus, Maker, Phrases, make_paste, page_paste, read_corpus, topic_of

CORPUS = Path(__file__).parent / "corpus"
KINDS = tuple(MEANINGS)
PASTES = 5  # of each article, for the tagger
READINGS = 4  # of each article, for the kinds
ROUNDS = 2  # of each plain heading
FEWEST = 36  # articles of a language; one with fewer is read more often
TAGS = Settings(epochs=5)
SECTIONS = Settings(rate=0.03, epochs=3)  # few features, taught gently, hold best on pages of other people


def rounds(articles: Sequence[Labelled], usual: int) -> int:
    return round(usual * max(1.0, min(2.5, FEWEST / max(len(articles), 1))))


def tag_rows(corpus: Corpus, chance: random.Random, usual: int = PASTES) -> Iterator[Row]:
    for language, articles in sorted(corpus.articles.items()):
        for article in articles:
            for _ in range(rounds(articles, usual)):
                blocks, tags = read_paste(
                    make_paste(article, articles, corpus.phrases[language], corpus.plain[language], chance)
                )
                if chance.random() < 0.25:
                    blocks = marked(blocks, tags, chance)
                yield _tag_row(blocks, tags)
    for _, pages in sorted(corpus.pages.items()):
        for page in pages:
            for _ in range(usual):
                blocks, tags = read_paste(page_paste(page, chance))
                if chance.random() < 0.15:
                    blocks = marked(blocks, tags, chance)
                yield _tag_row(blocks, tags)


def _tag_row(blocks: Sequence[Block], tags: Sequence[Tag]) -> Row:
    return Row(block_features.features(blocks), [list(Tag).index(tag) for tag in tags])


def kind_rows(corpus: Corpus, chance: random.Random, usual: int = READINGS) -> Iterator[Row]:
    """Articles with their headings, with some of them, and as paragraphs without any."""
    all_sections = {
        language: [section for article in articles for section in article.sections]
        for language, articles in corpus.articles.items()
    }
    for language, articles in sorted(corpus.articles.items()):
        for article in articles:
            for _ in range(rounds(articles, usual)):
                sections = Maker(article, articles, corpus.phrases[language], corpus.plain[language], chance).sections()
                yield _kind_row(sections, article.title, all_sections[language], chance)
    for language, pages in sorted(corpus.pages.items()):
        for page in pages:
            for _ in range(usual):
                yield _kind_row(page.sections, page.title, all_sections[language], chance)
    for language in sorted(corpus.articles):
        yield from _plain_rows(corpus.articles[language], corpus.plain[language], chance)


def _plain_rows(articles: Sequence[Labelled], plain: Phrases, chance: random.Random) -> Iterator[Row]:
    """Articles whose headings are the plain ones, each of them several times, with text and without."""
    decks = {kind: chance.sample(headings, len(headings)) for kind, headings in plain.items()}
    for number in range(ROUNDS * max(map(len, plain.values()))):
        article = articles[number % len(articles)]
        sections = []
        for section in article.sections:
            deck = decks[section.kind]
            heading = deck[number % len(deck)].replace("{topic}", topic_of(article))
            drawn = chance.random()  # a plain heading is right whatever the text below it says, and without any
            lines = section.lines if drawn < 0.6 else chance.choice(article.sections).lines if drawn < 0.7 else []
            sections.append(replace(section, heading=heading, lines=lines))
        chance.shuffle(sections)
        seen = [(seen_of(section), section.kind) for section in sections]
        yield Row(
            section_features.features([each for each, _ in seen], article.title),
            [KINDS.index(kind) for _, kind in seen],
        )


def _kind_row(sections: Sequence[Section], title: str, others: Sequence[Section], chance: random.Random) -> Row:
    """Some articles come back to a kind: a section of another article follows one of the same kind."""
    if chance.random() < 0.35:
        sections = [each for section in sections for each in _twice(section, others, chance)]
    seen = list(paragraphs(sections)) if chance.random() < 0.25 else _with_some_headings(sections, chance)
    if chance.random() < 0.15:
        chance.shuffle(seen)
    shown = title if chance.random() < 0.9 else ""
    return Row(section_features.features([each for each, _ in seen], shown), [KINDS.index(kind) for _, kind in seen])


def _twice(section: Section, others: Sequence[Section], chance: random.Random) -> list[Section]:
    alike = [each for each in others if each.kind == section.kind] if chance.random() < 0.3 else []
    return [section, *chance.sample(alike, min(len(alike), chance.choice((1, 1, 2))))]


def seen_of(section: Section) -> Seen:
    text = "\n".join(line.text for line in section.lines)
    return Seen(section.heading, text, sum(line.letter == "I" for line in section.lines), len(section.lines))


def paragraphs(sections: Sequence[Section]) -> Iterator[tuple[Seen, str]]:
    for section in sections:
        for line in section.lines:
            if line.letter == "P":
                yield Seen("", line.text), section.kind


def _with_some_headings(sections: Sequence[Section], chance: random.Random) -> list[tuple[Seen, str]]:
    share = chance.choice((0.0, 0.0, 0.2))
    return [
        (replace(seen_of(section), heading="") if chance.random() < share else seen_of(section), section.kind)
        for section in sections
    ]


def teach(corpus: Corpus, *, seed: int = 1) -> dict[str, dict[str, Any]]:
    """The data of both models, without calibration: {"blocks": …, "kinds": …}."""
    return {
        "blocks": fit(list(tag_rows(corpus, random.Random(seed))), [str(tag) for tag in Tag], TAGS, seed),
        "kinds": fit(list(kind_rows(corpus, random.Random(seed))), KINDS, SECTIONS, seed),
    }


def write(models: dict[str, dict[str, Any]], folder: Path) -> None:
    """One line for each feature, so that a change of the corpus shows as a change of lines."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in models.items():
        weights = data["weights"]
        rows = ",\n".join(f"{_compact(key)}:{_compact(weights[key])}" for key in sorted(weights))
        head = ",\n".join(f'"{key}":{_compact(value)}' for key, value in data.items() if key != "weights")
        (folder / f"{name}.json").write_text(f'{{{head},\n"weights":{{\n{rows}\n}}}}\n', encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """The data of a model that `write` wrote."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def judged_by_others(corpus: Corpus) -> list[Judged]:
    """What models that were taught without every second page say of these pages."""
    pages = {language: rows[1::2] for language, rows in corpus.pages.items()}
    with tempfile.TemporaryDirectory() as folder:
        write(teach(replace(corpus, pages=pages)), Path(folder))
        with chain.models_of(Path(folder)):
            return [each for rows in corpus.pages.values() for page in rows[::2] for each in judge(page)]


def run() -> list[tuple[str, int, float]]:
    """Teaches and writes both models; returns the reliability table (confidence, sections, share that is right)."""
    corpus = read_corpus(CORPUS)
    models = teach(corpus)
    judged = judged_by_others(corpus)
    models["kinds"]["calibration"] = fit_steps(judged)
    write(models, chain.FOLDER)
    return table(judged)
