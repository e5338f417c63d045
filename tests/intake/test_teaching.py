"""The teaching of the models: labelled articles are read, pastes keep their labels, and it repeats to the byte."""

import os
import random
from dataclasses import replace

import pytest

from articles.intake.recognize.tagging import Tag
from articles.intake.teaching import train
from articles.intake.teaching.blocks import marked, read_paste
from articles.intake.teaching.calibrate import fit_steps
from articles.intake.teaching.labelled import as_text, read_labelled
from articles.intake.teaching.pastes import make_paste, page_paste, read_corpus

PAGE = """language: en
topic: knees
---
F| Home > Knees
T| Kind to your knees

K| causes; mechanism
H| Where the trouble begins
P| Cartilage wears down over the years, and a knee that was hurt once wears down sooner.
I| - a fall
K| cta
P| Sore again? Message us tonight.
X| What we read
S| Example Society. Knees. 2020.
"""


@pytest.fixture(scope="module")
def corpus():
    return read_corpus(train.CORPUS)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "en-1.lab"
    path.write_text(PAGE, encoding="utf-8")
    return read_labelled(path)


def test_a_labelled_page_has_its_sections_and_the_text_that_somebody_would_copy(page):
    first, second = page.sections

    assert (first.kind, first.fair, first.heading) == ("causes", ["mechanism"], "Where the trouble begins")
    assert (second.kind, second.heading) == ("cta", "")
    assert as_text(page).startswith("Home > Knees\nKind to your knees\n\nWhere the trouble begins\n")


def test_a_line_without_a_label_is_refused_with_its_place(tmp_path):
    path = tmp_path / "bad.lab"
    path.write_text("language: en\n---\nT| Title\nno label\n", encoding="utf-8")

    with pytest.raises(ValueError, match="line 2"):
        read_labelled(path)


def test_each_block_of_a_page_has_the_tag_of_its_line(page):
    blocks, tags = read_paste(page_paste(page, random.Random(3)))

    told = {block.written: tag for block, tag in zip(blocks, tags, strict=True)}
    assert told["Kind to your knees"] is Tag.TITLE
    assert told["Where the trouble begins"] is Tag.HEADING
    assert told["Sore again? Message us tonight."] is Tag.CALL
    assert told["Example Society. Knees. 2020."] is Tag.SOURCE


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "nl", "pt"])
@pytest.mark.parametrize("seed", range(6))
def test_a_paste_has_one_title_and_every_word_of_its_lines(corpus, language, seed):
    articles = corpus.articles[language]
    chance = random.Random(seed)

    paste = make_paste(articles[seed], articles, corpus.phrases[language], corpus.plain[language], chance)
    blocks, tags = read_paste(paste)

    assert tags.count(Tag.TITLE) == 1
    assert "".join("".join(block.written.split()) for block in blocks) == "".join(
        "".join(text.split()) for text, _ in paste.lines if any(map(str.isalnum, text))
    )
    assert len(marked(blocks, tags, chance)) == len(blocks)


def test_teaching_twice_gives_the_same_bytes(corpus, tmp_path):
    few = replace(
        corpus,
        articles={language: rows[:2] for language, rows in corpus.articles.items()},
        pages={language: rows[:2] for language, rows in corpus.pages.items()},
    )

    for name in ("once", "twice"):
        train.write(train.teach(few), tmp_path / name)

    for model in ("blocks.json", "kinds.json"):
        assert (tmp_path / "once" / model).read_bytes() == (tmp_path / "twice" / model).read_bytes()


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
def test_the_shipped_models_are_what_the_corpus_teaches(corpus, tmp_path):
    models = train.teach(corpus)
    for name, data in models.items():
        shipped = train.read(train.chain.FOLDER / f"{name}.json")

        assert data["weights"] == shipped["weights"]


def test_confidence_rises_with_the_share_that_is_right():
    judged = [(step / 300, step % 3 > 0 if step > 150 else step % 2 > 0) for step in range(300)]

    points = fit_steps(judged)

    assert [share for _, share in points] == sorted(share for _, share in points)
    assert points[0] == [0.0, 0.0]
