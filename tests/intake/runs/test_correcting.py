"""One correction of a heading: for the whole run, for later runs, and nowhere where an editor decided otherwise."""

import time

import pytest

from articles.errors import ContentChanged
from articles.intake.models import ImportedArticle, ImportedHeading, TaughtHeading
from articles.intake.outline_json import digest, read_outline
from articles.intake.runs import correcting, editing
from articles.record.vocabulary import Aspect, SectionKind
from tests.intake.runs.conftest import article, export, post, upload

pytestmark = pytest.mark.django_db
CAUSES, PROSE, RISKS = SectionKind.CAUSES, SectionKind.PROSE, SectionKind.RISKS


def place(row: ImportedArticle, heading: str) -> int:
    parts = read_outline(row.shown).parts
    return next(at for at, part in enumerate(parts) if part.heading == heading)


def kind_in(row: ImportedArticle, heading: str) -> str:
    row.refresh_from_db()
    return str(read_outline(row.shown).parts[place(row, heading)].kind)


@pytest.fixture
def correct(people):
    """correct(row, "Symptoms", CAUSES) as an editor does it on the page; how many other sections changed."""

    def _correct(row: ImportedArticle, heading: str, kind: SectionKind, aspect: Aspect | None = None) -> int:
        row.refresh_from_db()
        given = {"article": row.pk, "shown": digest(row.shown), "at": place(row, heading)}
        return correcting.correct_kind(**given, kind=kind, aspect=aspect, by=people.editor)

    return _correct


def test_three_hundred_sections_are_corrected_at_once(read_run, correct):
    run = read_run(upload("blog.export", export(*(post(number, "Symptoms", "Risks") for number in range(301)))))
    begun = time.perf_counter()

    count = correct(run.articles.first(), "Symptoms", CAUSES)

    assert count == 300
    assert set(ImportedHeading.objects.filter(key="symptoms").values_list("kind", flat=True)) == {CAUSES}
    assert set(ImportedHeading.objects.filter(key="risks").values_list("kind", flat=True)) == {RISKS}
    assert kind_in(run.articles.last(), "Symptoms") == CAUSES
    assert time.perf_counter() - begun < 20


def test_a_section_that_an_editor_decided_stays(read_run, correct):
    run = read_run(upload("blog.export", export(*(post(number, "Symptoms") for number in range(3)))))
    first, second, third = run.articles.all()
    correct(first, "Symptoms", RISKS)

    count = correct(second, "Symptoms", CAUSES)

    assert count == 1
    assert [kind_in(row, "Symptoms") for row in (first, second, third)] == [RISKS, CAUSES, CAUSES]


def test_another_run_and_another_language_are_left_alone(read_run, correct, spanish):
    other = read_run(upload("a.txt", article("Other", "Symptoms")))
    run = read_run(upload("blog.export", export(post(1, "Symptoms"), post(2, "Symptoms", language="es"))))

    assert correct(run.articles.first(), "Symptoms", CAUSES) == 0
    assert kind_in(other.articles.get(), "Symptoms") == PROSE


def test_the_next_run_reads_the_heading_so(read_run, correct):
    run = read_run(upload("a.txt", article("First", "Symptoms")))
    correct(run.articles.get(), "Symptoms", PROSE, Aspect.LIVING_WITH)

    later = read_run(upload("b.txt", article("Second", "Symptoms:")))

    part = read_outline(later.articles.get().shown).sections[-1]
    assert (part.kind, part.aspect) == (PROSE, Aspect.LIVING_WITH)


def test_a_second_correction_is_what_is_taught(read_run, correct):
    row = read_run(upload("a.txt", article("First", "Symptoms"))).articles.get()

    correct(row, "Symptoms", CAUSES)
    correct(row, "Symptoms", RISKS)

    assert list(TaughtHeading.objects.values_list("key", "language", "kind")) == [("symptoms", "en", "risks")]


@pytest.mark.parametrize("kind", [SectionKind.CTA, SectionKind.SOURCES])
def test_what_hangs_on_the_words_of_one_article_is_not_taught(read_run, correct, kind):
    run = read_run(upload("blog.export", export(post(1, "Symptoms"), post(2, "Symptoms"))))

    assert correct(run.articles.first(), "Symptoms", kind) == 0
    assert not TaughtHeading.objects.exists()


def test_a_change_of_an_outline_that_is_not_the_shown_one_is_refused(read_run):
    row = read_run(upload("a.txt", article("First", "Symptoms"))).articles.get()
    shown = digest(row.shown)
    change = {"article": row.pk, "shown": shown, "change": lambda outline: editing.leave_out(outline, 1)}
    correcting.edit(**change)

    with pytest.raises(ContentChanged):
        correcting.edit(**change)


def test_what_lists_show_follows_the_outline(read_run):
    text = "Take 5 mg of ibuprofen in the morning, or 10 mg on days when the pain keeps you from your work and sleep."
    row = read_run(upload("a.txt", article("First", "Symptoms", text=text))).articles.get()
    before = (row.sections, row.doses, row.substances)

    row = correcting.edit(article=row.pk, shown=digest(row.shown), change=lambda each: editing.leave_out(each, 1))

    assert (before, (row.sections, row.doses, row.substances)) == ((2, 4, 1), (1, 2, 1))


def test_another_language_is_read_again_until_an_editor_changed_the_outline(read_run, spanish):
    row = read_run(upload("a.txt", article("First", "Symptoms"))).articles.get()
    TaughtHeading.objects.create(key="symptoms", language="es", kind="risks")

    row = correcting.set_language(article=row.pk, language="es")

    row.refresh_from_db()
    assert (kind_in(row, "Symptoms"), row.edited) == (RISKS, None)
    correcting.edit(article=row.pk, shown=digest(row.shown), change=lambda each: editing.leave_out(each, 1))
    edited = ImportedArticle.objects.get(pk=row.pk).edited
    correcting.set_language(article=row.pk, language="en")
    assert ImportedArticle.objects.get(pk=row.pk).edited == edited
