"""In which order a run is looked at."""

import pytest

from articles.errors import Unreadable
from articles.intake.models import PageViews
from articles.intake.outline import Block, BlockKind, Origin
from articles.intake.runs.legacy import path_of, slug_of
from articles.intake.runs.mapping import shortcodes_in
from articles.intake.runs.queue import keep_views, ordered, read_views
from articles.intake.runs.summary import DOSE, SUBSTANCE
from tests.intake.runs.conftest import PROSE, export, post, titles, upload


@pytest.mark.django_db
def test_doses_come_before_substances_and_both_before_plain_text(read_run):
    texts = [
        PROSE,
        "Ibuprofen helps most people with a sore knee for a day.",
        "Take 400 mg of ibuprofen, twice, not 4 g.",
    ]
    run = read_run(upload("blog.export", export(*(post(number, text=text) for number, text in enumerate(texts)))))

    assert titles(ordered(run.articles.all(), "risk")) == ["Article 2", "Article 1", "Article 0"]


@pytest.mark.django_db
def test_most_readers_come_first_and_unknown_ones_last(read_run):
    run = read_run(upload("blog.export", export(post(1), post(2), post(3))))
    keep_views(b"page;views\nhttps://www.old.example/Article-2/;10\n/article-3;2.000\n")

    rows = ordered(run.articles.all(), "readers")

    assert [(row.title, row.views) for row in rows] == [("Article 3", 2000), ("Article 2", 10), ("Article 1", None)]


@pytest.mark.django_db
def test_views_are_replaced_by_those_of_a_later_file():
    keep_views(b"/a,1\n/b,2\n")
    keep_views(b"/a,5\n")

    assert dict(PageViews.objects.values_list("address", "views")) == {"/a": 5, "/b": 2}


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"nothing here", b"address,views\n", b"\x00\xff,\n", b"/a,many\n"])
def test_a_file_without_addresses_and_numbers_says_what_to_write(data):
    with pytest.raises(Unreadable, match="/sleep-and-age,1200"):
        keep_views(data)


def test_a_bom_quotes_and_a_header_do_not_count():
    assert list(read_views('\ufeff"Page","Views"\n"/a/","1,234"\n'.encode())) == [("/a", 1234)]


@pytest.mark.parametrize(
    "address, path",
    [
        ("https://old.example/Sleep/", "/sleep"),
        ("http://test.old.example:8080/sleep", "/sleep"),
        ("/sleep", "/sleep"),
        ("https://old.example/?p=12", "/?p=12"),
        ("https://old.example", "/"),
        ("/schlaf-%C3%BCber", "/schlaf-über"),
        ("", ""),
        ("  ", ""),
        ("http://[broken", ""),
    ],
)
def test_an_address_is_known_by_its_path(address, path):
    assert path_of(address) == path


@pytest.mark.parametrize("slug, kept", [("sleep-age", "sleep-age"), ("%D1%81%D0%BE%D0%BD", "сон"), ("", "")])
def test_an_old_slug_stays_readable(slug, kept):
    assert slug_of(Origin(slug=slug)) == kept


@pytest.mark.parametrize("text", ["5 mg", "0.5 ml", "2,5 mg/kg", "10 µg", "100 IU", "20 %", "the dose", "eine Dosis"])
def test_a_dose_is_found(text):
    assert DOSE.findall(text)


@pytest.mark.parametrize("text", ["5 men", "in 2020", "10 minutes", "chapter 3", "4 great reasons", "20 longer walks"])
def test_other_numbers_are_no_dose(text):
    assert not DOSE.findall(text)


@pytest.mark.parametrize(
    "text", ["Ibuprofen", "atorvastatin", "amoxicillin", "Simvastatina", "omeprazole", "adalimumab"]
)
def test_a_substance_is_found(text):
    assert SUBSTANCE.findall(text)


@pytest.mark.parametrize("text", ["people", "medicine", "a headache", "the hospital", "Friday", "protein"])
def test_common_words_are_no_substance(text):
    assert not SUBSTANCE.findall(text)


@pytest.mark.parametrize(
    "text, names",
    [
        ("[gallery]", {"gallery"}),
        ('[product id="3"]', {"product"}),
        ("[note]Words[/note]", {"note"}),
        ("He wrote [sic] and [1] and [emphasis added].", set()),
    ],
)
def test_a_shortcode_is_told_from_brackets_in_a_sentence(text, names):
    assert shortcodes_in([Block(BlockKind.PARAGRAPH, text)]) == names
