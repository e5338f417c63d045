"""What delivery reads is a function of the append-only part: whatever SQL does to it is named, and mended.

Generated from the models: each table and each column of what is derived is tried.
"""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path as File
from typing import get_type_hints

import pytest
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import CharField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from articles.authoring.images import Image
from articles.authoring.models import RelatedArticle
from articles.publishing import images
from articles.publishing.jobs.sweep import sweep
from articles.publishing.recompose import recompose_lagging
from articles.publishing.refile import refile
from articles.publishing.withdraw import withdraw
from articles.record import events, words
from articles.record.delivery import laggards, project, projection, rows
from articles.record.event_data import DATA
from articles.record.models import (
    ComponentPublication,
    Document,
    Edition,
    Event,
    Facet,
    Link,
    Path,
    Publication,
    Rendition,
    SearchText,
    TopicEntry,
)
from tests.factories import make_article, make_image, make_topic, sign_and_publish
from tests.record.columns import DERIVED, DERIVED_COLUMNS, DERIVED_NAMES, other_value
from tests.record.tamper import drop_triggers, sql

LABELS = [model._meta.db_table for model in DERIVED]
ALSO_UNIQUE = {Publication: ("slug",), SearchText: ("article",)}  # beside the columns that name a row
OF_COMPOSING = ("event", "composed_at")  # another event follows what was mended


@pytest.fixture
def served(history):
    """served(): all that a stranger is told by every route that reads a derived row."""
    base = f"/api/v1/articles/{history.slug}"
    picture = f"/editions/{Rendition.objects.first().path}"
    routes = (f"{base}/", f"{base}/?rich_text=portable", "/api/v1/articles/?topic=hair-and-scalp", "/api/v1/topics/")
    lists = ("/api/v1/articles/?order=title", f"{base}/sections/", picture)

    def ask() -> list:
        client = Client(raise_request_exception=False)
        answers = {path: client.get(path) for path in (*routes, *lists)}
        return [(path, answer.status_code, answer.content) for path, answer in answers.items()]

    return ask


def everything() -> dict[str, list]:
    """Every derived row, but for the event under which it was composed last."""
    return {
        model.__name__: sorted(
            repr([(name, cell) for name, cell in row.cells.items() if name not in OF_COMPOSING])
            for row in rows.read(model)
        )
        for model in DERIVED
    }


def recompose() -> str:
    out = StringIO()
    call_command("recompose", stdout=out)
    return out.getvalue()


def table_of(places: list[str], model) -> bool:
    return any(place.startswith(str(model._meta.verbose_name)) for place in places)


def test_every_table_of_the_record_is_either_append_only_or_projected():
    assert set(DERIVED) == set(rows.TABLES)


@pytest.mark.parametrize(("model", "name"), DERIVED_COLUMNS, ids=DERIVED_NAMES)
def test_a_changed_column_is_named_and_mended(history, found, served, model, name):
    before, told = everything(), served()
    row = model.objects.order_by("pk").first()
    model.objects.filter(pk=row.pk).update(**{name: other_value(row, name)})

    codes = found()
    recompose()

    findings = [finding for group in codes.values() for finding in group]
    assert table_of([finding.place for finding in findings], model)
    is_told = any(f"differs from the record in: {name}." in finding.message for finding in findings)
    assert is_told or name in (*rows.key_columns(model), rows.OWNED.get(model))
    assert all("Run `manage.py recompose`." in finding.message for finding in findings)
    assert (found(), everything(), served()) == ({}, before, told)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's types refuse such a value")
@pytest.mark.parametrize(("model", "name"), DERIVED_COLUMNS, ids=DERIVED_NAMES)
def test_a_value_of_another_type_is_a_finding_and_no_crash(history, found, served, model, name):
    before, told, column = everything(), served(), model._meta.get_field(name).column
    garbage = b"\x00\xff" if isinstance(model._meta.get_field(name), CharField) else "{nobody"
    table = model._meta.db_table
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE {table} SET {column} = %s WHERE rowid = (SELECT min(rowid) FROM {table})", garbage)
    sql("PRAGMA ignore_check_constraints = OFF")

    findings = [finding for group in found().values() for finding in group]
    recompose()

    assert table_of([finding.place for finding in findings], model)
    assert (found(), everything(), served()) == ({}, before, told)


@pytest.mark.parametrize("model", DERIVED, ids=LABELS)
def test_a_deleted_row_is_named_and_mended(history, found, served, model):
    before, told = everything(), served()
    model.objects.filter(pk=model.objects.order_by("pk").first().pk).delete()

    codes = found()
    recompose()

    assert table_of([finding.place for finding in codes["row_missing"]], model)
    assert (found(), everything(), served()) == ({}, before, told)


@pytest.mark.parametrize("model", DERIVED, ids=LABELS)
def test_a_row_that_sql_added_is_named_and_removed(history, found, served, model):
    before, told = everything(), served()
    row = model.objects.order_by("pk").last()
    for name in {*rows.key_columns(model), *ALSO_UNIQUE.get(model, ())}:
        setattr(row, name, other_value(row, name))
    if model._meta.pk.name == "id":
        row.pk = None
    row.save(force_insert=True)

    codes = found()
    recompose()

    assert table_of([finding.place for finding in codes["row_surplus"]], model)
    assert (found(), everything(), served()) == ({}, before, told)


@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_every_picture_file_is_hashed_and_made_again(history, found, served, settings, how):
    told = served()
    for path in Rendition.objects.values_list("path", flat=True):
        file = File(settings.EDITION_FILES_ROOT) / path
        content = file.read_bytes()
        file.unlink() if how == "deleted" else file.write_bytes(content[:-1] + b"x")

        findings = found()
        recompose()

        code = "picture_gone" if how == "deleted" else "picture_changed"
        assert [finding.place for finding in findings[code]] == [f"picture {path}"]
        assert (found(), file.read_bytes(), served()) == ({}, content, told)


def test_a_picture_whose_original_is_gone_is_named_with_what_to_do(history, found, settings):
    row = Rendition.objects.first()
    file = File(settings.EDITION_FILES_ROOT) / row.path
    content = file.read_bytes()
    file.write_bytes(b"forged")
    Image.objects.all().delete()

    with pytest.raises(CommandError, match="Restore the files from a backup") as refused:
        recompose()

    assert refused.value.returncode == 1
    assert found()["picture_changed"]
    file.write_bytes(content)


def test_a_picture_file_that_was_changed_is_not_recorded_by_the_next_publication(history, people, settings):
    row = Rendition.objects.first()
    file = File(settings.EDITION_FILES_ROOT) / row.path
    content = file.read_bytes()
    file.write_bytes(b"forged")
    Rendition.objects.update(sha256=row.image, event=1)

    images.prepare([row.image])

    assert file.read_bytes() == content
    assert row.sha256 in {made["sha256"] for made in images.describe([row.image])}


def test_a_file_laid_beside_the_prepared_ones_is_not_recorded(history, settings):
    small = ImageFile(get_test_image_file(size=(90, 60)).file, name="small.png")
    digest = make_image(file=small).sha256
    folder = File(settings.EDITION_FILES_ROOT) / digest.removeprefix("sha-256:")
    folder.mkdir(parents=True)
    (folder / "999.png").write_bytes(b"forged")

    images.prepare([digest])

    assert {made["width"] for made in images.describe([digest])} == {90}


def test_a_recorded_picture_is_not_swept_because_its_row_is_gone(history, settings):
    row = Rendition.objects.first()
    Rendition.objects.all().delete()

    assert row.path not in sweep(now=timezone.now() + timedelta(days=2))
    assert (File(settings.EDITION_FILES_ROOT) / row.path).exists()


def test_recompose_finds_nothing_to_do_a_second_time(history):
    lines = Event.objects.count()

    assert recompose() == "0 changed\n"
    assert Event.objects.count() == lines


def test_addresses_that_sql_swapped_are_put_right(history, people, found):
    other = make_article(by=people.author)
    sign_and_publish(other, by=people.author, editor=people.editor, reviewer=people.reviewer)
    for slug, article in (("between", history), (history.slug, other), (other.slug, history)):
        Publication.objects.filter(article=article.article_id).update(slug=slug)

    recompose()

    assert found() == {}
    assert Publication.objects.get(article=other.article_id).slug == other.slug


def test_a_withdrawn_article_keeps_its_addresses_and_its_notice_alone(history, people, found):
    withdraw(page=history, reason="safety", by=people.editor)

    row = Publication.objects.get(article=history.article_id)
    assert [bytes(part) for part in (row.body, row.body_gzip, row.portable, row.card)] == [b""] * 4
    assert (row.notice["explanation"], row.components, row.etag) == (
        words.sentence("withdrawn-safety", "en").text,
        [],
        "",
    )
    assert [model.objects.filter(article=row.article).exists() for model in (Path, Facet, Link)] == [True, False, False]
    assert found() == {}


def test_the_explanation_of_a_withdrawal_that_sql_changed_is_named_and_mended(history, people, found):
    withdraw(page=history, reason="safety", by=people.editor)
    row = Publication.objects.get(article=history.article_id)
    Publication.objects.update(notice=row.notice | {"explanation": "All was well."})

    told = found()["row_differs"][0].message
    recompose()

    assert "differs from the record in: notice." in told
    assert Client().get(f"/api/v1/articles/{history.slug}/").json()["explanation"] == row.notice["explanation"]


def test_a_withdrawn_article_that_sql_put_back_before_readers_is_taken_back(history, people, found):
    before = Publication.objects.get(article=history.article_id)
    withdraw(page=history, reason="other", by=people.editor)
    before.save()

    assert found()["row_differs"]
    recompose()

    assert Client().get(f"/api/v1/articles/{history.slug}/").status_code == 410
    assert found() == {}


def test_old_addresses_come_from_the_ledger(history, people, found):
    old = history.slug
    refile(page=history, slug="another-address", topics=[make_topic("Scalp", "scalp")], by=people.editor)
    Path.objects.filter(slug=old).delete()

    recompose()

    slugs = set(Path.objects.values_list("slug", "current"))
    topics = set(TopicEntry.objects.values_list("slug", "name"))
    assert slugs == {("another-address", True), (old, False)}
    assert topics == {("hair-and-scalp", "Hair and scalp"), ("scalp", "Scalp")}
    assert found() == {}


def test_a_topics_name_is_that_of_the_latest_event_that_names_it(history, people, found):
    topic = make_topic()
    topic.name = "Scalp and hair"
    topic.save()
    refile(page=history, slug=history.slug, topics=[topic], by=people.editor)

    assert TopicEntry.objects.get().name == "Scalp and hair"
    TopicEntry.objects.update(name="Hair and scalp")
    recompose()
    assert (TopicEntry.objects.get().name, found()) == ("Scalp and hair", {})


def test_a_forged_address_does_not_get_into_the_ledger_by_refiling(history, people):
    Publication.objects.update(filing={"slug": "x", "locale": "xx", "translation_key": str(people), "topics": []})

    refile(page=history, slug="another-address", topics=[], by=people.editor)

    assert Event.objects.last().data["filing"]["locale"] == history.locale.language_code


def test_what_another_row_says_is_not_composed(history, people, publish_linking):
    """A title changed by SQL in the target's row does not get into the article that links to it."""
    page = publish_linking(history)
    Publication.objects.filter(article=history.article_id).update(title="Forged", slug="forged", state="withheld")
    ComponentPublication.objects.update(edition=9, state="withdrawn")
    Rendition.objects.update(path="forged.webp")

    projection.write(page.article_id, now=timezone.now())

    (related,) = json.loads(bytes(Publication.objects.get(article=page.article_id).body))["content"]["related"]
    assert (related["title"], related["slug"]) == (history.title, history.slug)


@pytest.fixture
def publish_linking(people):
    def make(*targets):
        page = make_article(by=people.author)
        draft = page.get_latest_revision_as_object()
        draft.related = [RelatedArticle(article=target, sort_order=at) for at, target in enumerate(targets)]
        draft.save_revision(user=people.author)
        sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
        return page

    return make


def test_verify_advises_no_recomposing_over_a_record_that_does_not_verify(history, found):
    drop_triggers()
    edition = Edition.objects.filter(subject=history.article_id).last()
    row = Document.objects.get(digest=edition.digests["medical"])
    Document.objects.filter(pk=row.pk).update(content=bytes(row.content).replace(b"A second text.", b"A forged text."))

    codes = found()

    assert "document_changed" in codes
    assert all("recompose`" not in finding.message for group in codes.values() for finding in group)
    assert "Repair the record first" in codes["row_differs"][0].message


def test_a_text_that_sql_emptied_is_a_finding_and_no_crash(history, found):
    drop_triggers()
    Document.objects.filter(kind="medical").update(content=b"")

    assert found()["not_projected"][0].place == f"publication {history.article_id}"


def test_a_column_that_nothing_is_projected_for_stops_the_build(monkeypatch):
    known = rows.columns(Path)
    monkeypatch.setattr(project, "columns", lambda model: [*known, Publication._meta.get_field("etag")])

    with pytest.raises(TypeError, match="Path has columns that nothing is projected for: etag"):
        project._row(Path, locale="en", slug="a", article=None, current=True)


def test_each_event_says_what_its_kind_says(history, people):
    withdraw(page=history, reason="other", by=people.editor)

    for event in Event.objects.all():
        wanted = DATA[event.kind]
        assert wanted.__required_keys__ <= set(event.data) <= set(get_type_hints(wanted)), event.kind


def test_projecting_takes_as_many_queries_for_one_link_as_for_three(history, people, publish_linking):
    """Six to read the record, two at most for each of six tables."""
    others = [make_article(by=people.author) for _ in range(2)]
    for other in others:
        sign_and_publish(other, by=people.author, editor=people.editor, reviewer=people.reviewer)
    one, three = publish_linking(history), publish_linking(history, *others)

    counts = []
    for page in (one, three):
        with CaptureQueriesContext(connection) as asked:
            projection.write(page.article_id, now=timezone.now())
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 18


def test_a_link_to_what_was_composed_anew_and_reads_the_same_is_no_finding(history, people, publish_linking, found):
    page = publish_linking(history)
    events.append("refiled", subject_kind="article", subject=history.article_id, actor={}, data={"edition": 2})
    projection.write(history.article_id, now=Event.objects.last().at)

    assert (found(), laggards.find()) == ({}, [page.article_id])
    assert (recompose_lagging(), laggards.find()) == (0, [])
