"""Pictures that the texts only name, added to the import beside them."""

import json

import pytest
from django.core.management import call_command

from articles.admin.importing.progress import progress_of
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.intake.models import SentPicture
from articles.intake.runs.reading import NO_PICTURES, read_some
from articles.intake.runs.starting import add_files
from articles.intake.states import RunState
from tests.factories import edit
from tests.intake.readers.writing import END, WXR, item, zipped
from tests.intake.runs.conftest import PROSE, act, states, upload
from tests.intake.test_figures_and_tables import png
from tests.tasks import run_all

pytestmark = pytest.mark.django_db
UPLOADS = "https://old.example/wp-content/uploads"
HERO = f'<img src="{UPLOADS}/hero-1024x683.png" alt="A street in the evening">'
KNEE = f'<img src="{UPLOADS}/2023/knee.png" alt="A knee from the side">'
BESIDE = zipped(
    {"uploads/hero.png": png("blue"), "uploads/2023/knee.png": png("red"), "uploads/2021/knee.png": png("green")}
)


def page(title: str, *, above: str = "", within: str = KNEE) -> str:
    text = f"<p>{PROSE}</p>"
    return f"<article><h1>{title}</h1>{above}{text}<h2>Causes</h2>{text}{within}<h2>Risks</h2>{text}</article>"


def draft(run):
    return act(run, RunState.DRAFTING)


def page_of(run) -> ArticlePage:
    found = run.articles.exclude(draft=None).get().draft
    return found.get_latest_revision_as_object()


def figures(found: ArticlePage) -> list[tuple[str, str]]:
    values = (block["value"]["figure"] for block in found.body.raw_data if block["type"] == "figure")
    return [(Image.objects.get(pk=value["image"]).sha256, value["alt"]) for value in values]


def test_pictures_of_a_zip_file_come_along_with_their_words(read_run):
    run = draft(read_run(upload("knee.html", page("Knees", above=HERO)), upload("uploads.zip", BESIDE)))

    found = page_of(run)
    assert states(run) == ["drafted"]
    assert progress_of(run)["sentence"] == "1 article in this import, 0 failed. 3 pictures came beside the texts."
    assert [alt for _, alt in figures(found)] == ["A knee from the side"]
    assert Image.objects.get(sha256=figures(found)[0][0]).file.read() == png("red")
    assert (found.hero.file.read(), found.hero_alt) == (png("blue"), "A street in the evening")
    assert not [each for each in found.intake["warnings"] if "picture" in each]


def test_a_picture_file_may_be_added_by_itself(read_run):
    run = draft(read_run(upload("knee.html", page("Knees")), upload("knee.png", png("red"))))

    assert [alt for _, alt in figures(page_of(run))] == ["A knee from the side"]


def test_what_did_not_come_is_named(read_run):
    run = draft(read_run(upload("knee.html", page("Knees"))))

    assert figures(page_of(run)) == []
    assert any(f"{UPLOADS}/2023/knee.png did not come" in each for each in page_of(run).intake["warnings"])


def test_pictures_that_come_late_renew_the_drafts_that_nobody_has_touched(read_run, people):
    run = draft(read_run(upload("knee.html", page("Knees")), upload("none.html", page("Feet", within=""))))
    add_files(run, [upload("uploads.zip", BESIDE)])
    run_all()

    assert states(run) == ["stale", "drafted"]
    draft(run)
    assert [alt for _, alt in figures(run.articles.first().draft.get_latest_revision_as_object())]


def test_further_pictures_renew_no_draft_that_has_its_own(read_run):
    run = draft(read_run(upload("knee.html", page("Knees")), upload("uploads.zip", BESIDE)))

    add_files(run, [upload("more.zip", zipped({"uploads/foot.png": png("pink")})), upload("feet.html", page("Feet"))])
    run_all()

    assert states(run) == ["drafted", "read"]


def test_a_later_export_without_the_picture_above_takes_the_hero_image_away(read_run):
    def exported(above: str) -> bytes:
        text = f"<p>{PROSE}</p>"
        return f"{WXR}{item('Knees', f'{above}{text}<h2>Risks</h2>{text}')}{END}".encode()

    before = page_of(draft(read_run(upload("blog.xml", exported(HERO)), upload("uploads.zip", BESIDE))))
    later = draft(read_run(upload("blog.xml", exported(""))))

    assert before.hero_alt == "A street in the evening"
    assert states(later) == ["updated"]
    assert (page_of(later).hero, page_of(later).hero_alt) == (None, "")


def test_a_touched_draft_keeps_its_words(read_run, people):
    run = draft(read_run(upload("knee.html", page("Knees"))))
    edit(page_of(run), by=people.author, summary="A word of ours.")

    add_files(run, [upload("uploads.zip", BESIDE)])
    run_all()
    draft(run)

    assert states(run) == ["conflict"]
    assert page_of(run).summary == "A word of ours."


def test_a_stopped_reading_goes_on_without_doubles(start, monkeypatch):
    kept = SentPicture.objects.create

    def stops(**values):
        if SentPicture.objects.count() == 1:
            raise KeyboardInterrupt
        return kept(**values)

    monkeypatch.setattr(SentPicture.objects, "create", stops)
    run = start(upload("uploads.zip", BESIDE))
    with pytest.raises(KeyboardInterrupt):
        read_some(run, seconds=9)
    monkeypatch.undo()
    run_all()

    assert sorted(run.sent.values_list("path", flat=True)) == [
        "uploads/2021/knee.png",
        "uploads/2023/knee.png",
        "uploads/hero.png",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [(zipped({"a.txt": b"words"}), NO_PICTURES), (b"no archive", "Pack the pictures into a ZIP file again")],
    ids=["no pictures", "no archive"],
)
def test_an_archive_without_pictures_says_so_and_the_texts_go_on(read_run, data, says):
    run = read_run(upload("uploads.zip", data), upload("knee.html", page("Knees")))

    assert states(run) == ["failed", "read"]
    assert says in run.articles.get(state="failed").problem


def test_the_command_takes_the_pictures_of_a_folder(tmp_path, index):
    (tmp_path / "texts").mkdir()
    (tmp_path / "uploads/2023").mkdir(parents=True)
    (tmp_path / "texts/knee.html").write_text(page("Knees"))
    (tmp_path / "uploads/2023/knee.png").write_bytes(png("red"))
    report = tmp_path / "report.json"

    call_command(
        "import_articles", str(tmp_path / "texts"), "--pictures", str(tmp_path / "uploads"), report=str(report)
    )

    told = json.loads(report.read_text())["files"][0]
    assert told["status"] == "created"
    assert not [each for each in told["warnings"] if "picture" in each]
    assert figures(ArticlePage.objects.get(pk=told["page"]["id"]).get_latest_revision_as_object())
