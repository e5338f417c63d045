"""Reading a run: one article at a time, nothing twice, and what cannot be read fails alone."""

import pytest

from articles.intake.models import ImportChunk, ImportedArticle, ImportRun
from articles.intake.outline import count_words
from articles.intake.outline_json import read_outline
from articles.intake.runs import reading, starting
from articles.intake.runs.starting import Upload
from articles.intake.runs.tasks import work
from tests.intake.runs.conftest import CUT, article, export, post, states, titles, upload
from tests.tasks import run_all

pytestmark = pytest.mark.django_db


def test_each_file_becomes_an_article_of_the_run(read_run):
    run = read_run(upload("sleep.txt", article("Sleep and age")), upload("knees.txt", article("Sore knees")))

    assert run.state == "ready"
    assert titles(run.articles.all()) == ["Sleep and age", "Sore knees"]


def test_one_file_may_hold_many_articles(read_run):
    run = read_run(upload("blog.export", export(*(post(number) for number in range(7)))))

    assert titles(run.articles.all()) == [f"Article {number}" for number in range(7)]
    assert run.articles.first().address == "/article-0"


def test_no_word_is_lost_between_the_file_and_the_outline(read_run):
    written = article("Sleep and age", "What causes it?", "Risks", "When to get help")

    run = read_run(upload("sleep.txt", written))

    assert read_outline(run.articles.get().outline).words == count_words([written])


def test_the_original_is_kept_and_the_upload_is_not(read_run):
    run = read_run(upload("sleep.txt", article("Sleep and age")))

    assert bytes(run.articles.get().original).decode() == article("Sleep and age")
    assert not ImportChunk.objects.exists()


def test_a_file_that_cannot_be_read_fails_alone(read_run):
    run = read_run(upload("a.txt", article("A")), upload("b.exe", b"MZ"), upload("c.txt", article("C")))

    assert states(run) == ["read", "failed", "read"]
    assert "cannot be read" in run.articles.get(state="failed").problem


def test_an_export_that_is_cut_in_the_middle_gives_what_is_whole_and_says_so(read_run):
    run = read_run(upload("blog.export", export(post(1), post(2)) + b"\n" + CUT))

    assert states(run) == ["read", "read", "failed"]
    assert "ends in the middle" in run.articles.last().problem


def test_an_error_of_ours_in_one_article_stops_no_other(read_run, monkeypatch):
    real = reading.outline

    def clumsy(blocks, **given):
        if "Article 1" in blocks[0].text:
            raise KeyError("a bug")
        return real(blocks, **given)

    monkeypatch.setattr(reading, "outline", clumsy)

    run = read_run(upload("blog.export", export(post(0), post(1), post(2))))

    assert states(run) == ["read", "failed", "read"]
    assert run.articles.get(state="failed").problem == reading.IN_VETTED


def test_characters_that_no_database_takes_fail_alone(read_run):
    run = read_run(upload("blog.export", export(post(0), post(1, slug="a\x00b\ud800"), post(2))))

    assert states(run)[::2] == ["read", "read"]


def test_an_empty_file_and_one_that_is_too_large_say_what_to_do(read_run, monkeypatch):
    monkeypatch.setattr(starting, "MOST_TEXT", 10)

    run = read_run(upload("empty.txt", b""), Upload("huge.txt", 11, [b"x" * 11]), upload("fine.txt", b"Fine.\n"))

    assert [row.problem[:22] for row in run.articles.order_by("pk")[:2]] == [
        "The file is empty. Cho",
        "The file has 0.0 MB; a",
    ]
    assert not ImportChunk.objects.exists()


@pytest.mark.parametrize(
    "name, megabytes", [("a.txt", 5), ("a.html", 5), ("a.docx", 30), ("export.xml", 200), ("A.DOCX", 30)]
)
def test_each_kind_of_file_has_its_own_limit(name, megabytes):
    assert starting.most_bytes(name) == megabytes * 1024 * 1024


def test_a_run_that_died_between_two_articles_goes_on_without_doubles(start, monkeypatch):
    run = start(upload("blog.export", export(*(post(number) for number in range(5)))))
    real = reading.store

    def dying(file, position, manuscript):
        if position == 3:
            raise SystemExit("kill -9")
        real(file, position, manuscript)

    monkeypatch.setattr(reading, "store", dying)
    with pytest.raises(SystemExit):
        reading.read_some(run, seconds=60)
    monkeypatch.setattr(reading, "store", real)
    before = list(run.articles.values_list("pk", flat=True))

    work.call(run.pk)

    assert len(before) == 3
    assert list(run.articles.values_list("pk", flat=True))[:3] == before
    assert titles(run.articles.all()) == [f"Article {number}" for number in range(5)]
    assert ImportRun.objects.get().state == "ready"


def test_a_long_run_is_read_in_slices(start, monkeypatch):
    monkeypatch.setattr(reading, "AT_LEAST", 2)
    run = start(upload("blog.export", export(*(post(number) for number in range(5)))))

    more = reading.read_some(run, seconds=0)
    read_so_far = run.articles.count()
    run_all()

    assert (more, read_so_far, run.articles.count()) == (True, 2, 5)


def test_reading_twice_adds_nothing(read_run):
    run = read_run(upload("a.txt", article("A")))

    work.call(run.pk)
    reading.read_some(run, seconds=5)

    assert ImportedArticle.objects.count() == 1


def test_an_article_is_read_in_the_language_that_its_file_states(read_run, spanish):
    run = read_run(upload("blog.export", export(post(1, language="es-MX"), post(2), post(3, language="fi"))))

    assert list(run.articles.values_list("language", flat=True)) == ["es", "en", "en"]
    assert "“es-MX”" in run.articles.first().warnings[0]
    assert "does not have" in run.articles.last().warnings[0]


def test_an_article_without_a_title_is_called_by_its_file(read_run):
    run = read_run(upload("sleep-and-age.txt", PROSE_ALONE))

    assert run.articles.get().title == "Sleep and age"


PROSE_ALONE = (
    "Half of all adults have it at some time in their life. Most of them never ask a doctor about it.\n\n"
    "They wait, and it goes away in a week or two, as it came, without a trace and without a name for it."
)


def test_a_path_and_control_characters_are_no_part_of_a_name(read_run):
    run = read_run(upload("C:\\temp\\..\\sl\x07eep.txt", article("Sleep")))

    assert run.files.get().name == "sl eep.txt"
