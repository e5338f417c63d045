"""The page that maps a whole migration, and the other buttons of a run."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles.authoring.people import Person
from articles.intake.models import ImportedHeading, ImportRun, TaughtHeading
from articles.intake.runs.tasks import STALLED, resume_stalled
from tests.factories import make_topic
from tests.intake.runs.conftest import PROSE, article, export, post, upload
from tests.tasks import run_all

pytestmark = pytest.mark.django_db
ORIGIN = {"categories": ["Hair", "Nails"], "authors": ["Jane"], "fields": {"rev": "Dr. Alt", "refs": "Doe 2020"}}
SHOWN = f'{PROSE} Read [product id="1"] this.'


@pytest.fixture
def migration(read_run):
    posts = [post(number, "Symptoms", "Risks", text=SHOWN, **ORIGIN) for number in range(3)]
    return read_run(upload("blog.export", export(*posts)))


@pytest.fixture
def page(login, people, migration):
    """page(**given) posts the form and gives the page that follows; without values it opens the page."""
    address, client = reverse("articles_import_mapping", args=[migration.pk]), login(people.editor)
    return lambda **given: client.post(address, given, follow=True) if given else client.get(address)


def test_what_the_articles_bring_along_is_listed_with_how_often(page):
    shown = page().content.decode()

    for words in ("rev (for example “Dr. Alt”)", "Hair <small>(3 articles)", "Jane <small>(3", "product <small>(3"):
        assert words in shown


def test_a_mapping_is_kept_and_shown_again(page, migration):
    topic, person = make_topic(), Person.objects.create(name="Jane Doe")
    given = {"reviewer": "rev", "references": "refs", "category-0": topic.pk, "author-0": person.pk}

    shown = page(do="mapping", **given, **{"shortcode-0": "leave-out"}).content.decode()

    migration.refresh_from_db()
    assert migration.mapping == {
        "reviewer": "rev",
        "review_date": "",
        "references": "refs",
        "topics": {"Hair": topic.pk},
        "people": {"Jane": person.pk},
        "shortcodes": {"product": "leave-out"},
    }
    assert f'<option value="{topic.pk}" selected>' in shown


def test_values_that_no_list_has_are_not_kept(page, migration):
    page(do="mapping", reviewer="nothing", **{"category-0": "999", "author-0": "x", "shortcode-0": "explode"})

    migration.refresh_from_db()
    assert not any(migration.mapping.values())


def at(page, heading: str) -> int:
    return [line.text for line in page().context["headings"]].index(heading)


def test_a_heading_is_corrected_in_the_whole_run_and_remembered(page):
    place = at(page, "Symptoms")

    answer = page(do="headings", **{f"key-{place}": "symptoms", f"kind-{place}": "causes"})

    assert "1 heading corrected, in 3 sections." in answer.content.decode()
    assert set(ImportedHeading.objects.filter(key="symptoms").values_list("kind", flat=True)) == {"causes"}
    assert TaughtHeading.objects.get().kind == "causes"


def test_headings_that_nobody_changed_teach_nothing(page):
    lines = list(enumerate(page().context["headings"]))
    given = {f"key-{place}": line.key for place, line in lines} | {f"kind-{place}": line.kind for place, line in lines}

    assert "No heading was changed." in page(do="headings", **given).content.decode()
    assert not TaughtHeading.objects.exists()


def test_a_list_that_moved_meanwhile_corrects_no_other_heading(page):
    place = at(page, "Symptoms")

    page(do="headings", **{f"key-{place}": "another heading", f"kind-{place}": "causes"})

    assert not TaughtHeading.objects.exists()


def test_files_are_added_to_a_run(login, people, migration):
    file = SimpleUploadedFile("more.txt", article("One more").encode())

    login(people.editor).post(reverse("articles_import_files", args=[migration.pk]), {"file": [file], "text": ""})
    run_all()

    migration.refresh_from_db()
    assert (migration.state, migration.articles.last().title) == ("ready", "One more")


def test_a_busy_run_begins_nothing_else(login, people, migration):
    ImportRun.objects.update(state="drafting", beat_at=timezone.now())

    answer = login(people.editor).post(reverse("articles_import_undo", args=[migration.pk]), follow=True)

    assert "This import is still working." in answer.content.decode()
    assert ImportRun.objects.get().state == "drafting"


def test_a_run_whose_worker_died_is_said_and_can_be_continued(login, people, start):
    run = start(upload("a.txt", article("Knees")))
    ImportRun.objects.update(beat_at=timezone.now() - STALLED)
    client, address = login(people.editor), reverse("articles_import_run", args=[run.pk])

    shown = client.get(address).content.decode()
    client.post(reverse("articles_import_continue", args=[run.pk]))

    assert "Perhaps the worker was stopped." in shown
    assert "Perhaps the worker was stopped." not in client.get(address).content.decode()


def test_the_worker_finds_runs_that_stand_still_and_no_others(start):
    still, moving, done = (start(upload(f"{name}.txt", article(name))) for name in ("A", "B", "C"))
    ImportRun.objects.filter(pk=still.pk).update(beat_at=timezone.now() - STALLED)
    ImportRun.objects.filter(pk=moving.pk).update(beat_at=timezone.now())
    ImportRun.objects.filter(pk=done.pk).update(state="ready", beat_at=timezone.now() - STALLED)

    assert resume_stalled(timezone.now()) == 1
