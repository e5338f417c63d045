"""Two records of one work become one: for drafts at once, for readers when the text is signed again."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import Revision

from articles.authoring.permissions import NotPermitted
from articles.document.gather import gather
from articles.document.render import render
from articles.publishing.upkeep.merge import CannotMerge, merge, separate
from articles.record.models import Event
from articles.record.vocabulary import EventKind
from articles.review.four_eyes import contributors
from articles.review.opening import load, load_current
from articles.sources.duplicates import find_same_work
from articles.sources.models import Source
from cms.models import User
from tests.factories import block, citation, make_article, make_source, make_user
from tests.hands import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    return make_user("other", "Editors")


@pytest.fixture
def records():
    return make_source(title="A study", doi="10.1000/a"), make_source(title="The study", pmid="7")


def quoting(source, quote, support="direct"):
    return citation(source, quote=quote, support=support)


def make_citing(by, *sources, text=""):
    """An article of one claim that quotes each of the sources, and lists them."""
    item = {"name": "Dry air", "text": "", "codes": [], "citations": [quoting(each, str(each.pk)) for each in sources]}
    causes = block("causes", heading="Causes", text=text, items=[item])
    listed = block("sources", heading="Sources", items=[])
    body = [block("introduction", text="<p>An itchy scalp is common.</p>"), causes, listed]
    return make_article(by=by, article_type="explainer", body=body)


def medical(page):
    return render(gather(page.get_latest_revision()))["medical"]


def cited(page):
    """[(title, quote)] of the draft's citations in its list."""
    value = medical(page).value
    titles = {row["number"]: row["csl"]["title"] for row in value["references"]}
    return [(titles[row["reference"]], row["quote"]) for row in value["sections"][1]["items"][0]["citations"]]


def may_not_sign(page) -> set[str]:
    keys = contributors(load(fresh(page)), "medical")
    return set(User.objects.filter(pk__in=keys).values_list("username", flat=True))


def test_a_draft_cites_the_kept_record_without_being_saved(people, other, records):
    gone, kept = records
    page = make_citing(people.author, gone)
    saved, before = page.latest_revision_id, medical(page).digest

    merge(gone, into=kept, by=other)

    assert cited(page) == [("The study", str(gone.pk))]
    assert [row["source_id"] for row in medical(page).value["references"]] == [str(kept.source_id)]
    assert fresh(page).latest_revision_id == saved and medical(page).digest != before


def test_a_claim_that_cited_both_keeps_both_quotes_under_one_number(people, other, records):
    gone, kept = records
    said = f'{{"{gone.pk}": {{"quote": "One."}}, "{kept.pk}": {{"quote": "Two."}}}}'.replace('"', "&quot;")
    text = f'<p>So <a linktype="citation" sources="{gone.pk},{kept.pk}" said="{said}">[1]</a></p>'
    page = make_citing(people.author, gone, kept, text=text)

    merge(gone, into=kept, by=other)

    assert cited(page) == [("The study", str(gone.pk)), ("The study", str(kept.pk))]
    [mark] = medical(page).value["sections"][1]["text"][0]["markDefs"]
    assert [(row["reference"], row["quote"]) for row in mark["citations"]] == [(1, "One."), (1, "Two.")]
    assert len(medical(page).value["references"]) == 1


def test_the_kept_record_gets_the_identifiers_that_it_lacks(other, records):
    gone, kept = records

    merge(gone, into=kept, by=other)

    kept.refresh_from_db()
    assert (kept.title, kept.doi, kept.pmid) == ("The study", "10.1000/a", "7")


def test_an_identifier_of_a_merged_record_leads_to_the_kept_one(other):
    gone, kept = make_source(doi="10.1000/a"), make_source(doi="10.1000/b")

    merge(gone, into=kept, by=other)

    assert find_same_work(Source(doi="10.1000/A"), "doi") == kept
    assert find_same_work(kept, "doi") is None


@pytest.mark.parametrize("status", [("retracted", "standing"), ("standing", "retracted")])
def test_the_graver_status_counts_for_both(other, records, status):
    for row, said in zip(records, status, strict=True):
        with LogContext(user=other):
            row.status = said
            row.save()

    merge(records[0], into=records[1], by=other)

    assert [Source.objects.get(pk=row.pk).status for row in records] == ["retracted", "retracted"]
    events = Event.objects.filter(kind=EventKind.SOURCE_STATUS)
    assert {event.subject for event in events} == {row.source_id for row in records}


def test_readers_of_an_article_signed_with_the_merged_record_learn_of_a_retraction(
    people, other, records, publish, client, django_capture_on_commit_callbacks
):
    gone, kept = records
    page = publish(make_citing(people.author, gone))
    digest = load_current(fresh(page)).base.digests["medical"]
    with django_capture_on_commit_callbacks(execute=True):
        merge(gone, into=kept, by=other)

    with LogContext(user=other), django_capture_on_commit_callbacks(execute=True):
        kept.refresh_from_db()
        kept.status = "retracted"
        kept.save()

    read = client.get(f"/api/v1/articles/{page.article_id}/").json()
    assert read["edition"]["digests"]["medical"] == digest
    assert [row["source_id"] for row in read["content"]["references"]] == [str(gone.source_id)]
    assert [row["kind"] for row in read["notices"]] == ["reference-retracted"]
    answer = client.get(f"/api/v1/sources/{gone.source_id}/").json()
    assert answer["reference"]["source_status"] == "retracted"


def test_who_merged_may_not_sign_what_printed_the_merged_record(people, other, records):
    gone, kept = records
    with_gone, with_kept = make_citing(people.author, gone), make_citing(people.author, kept)
    neither = make_citing(people.author, make_source())

    merge(gone, into=kept, by=other)

    assert [may_not_sign(page) for page in (with_gone, neither)] == [{"author", "other"}, {"author"}]
    assert "other" in may_not_sign(with_kept)  # it has an identifier more


def test_who_merged_may_sign_a_text_whose_reference_stayed_the_same(people, other, publish):
    gone, kept = make_source(pmid="7"), make_source(pmid="7")
    page = publish(make_citing(people.author, kept))

    merge(gone, into=kept, by=other)

    assert "other" not in may_not_sign(page)


def test_a_published_text_that_cited_both_counts_who_merged_them(people, other, publish):
    gone, kept = make_source(), make_source()
    page = publish(make_citing(people.author, gone, kept))

    merge(gone, into=kept, by=other)

    assert "other" in may_not_sign(page)


def test_who_wrote_the_kept_record_may_not_sign_a_text_that_gets_it_by_a_merge(people, other, records, publish):
    gone, kept = records
    page = publish(make_citing(people.author, gone))
    with LogContext(user=people.reviewer):
        kept.title = "Take twice the dose"
        kept.save()

    merge(gone, into=kept, by=other)

    assert {"other", people.reviewer.username} <= may_not_sign(page)


def test_the_second_of_two_merges_counts_too(people, other, publish):
    first, second, third = (make_source(pmid="7") for _ in range(3))
    page = publish(make_citing(people.author, first))
    merge(first, into=second, by=None)

    merge(second, into=third, by=other)

    first.refresh_from_db()
    assert first.kept == third and "other" in may_not_sign(page)


def test_a_status_of_the_kept_record_makes_nobody_a_contributor(people, other, publish):
    gone, kept = make_source(pmid="7"), make_source(pmid="7")
    page = publish(make_citing(people.author, gone))
    merge(gone, into=kept, by=None)

    with LogContext(user=other):
        kept.status = "corrected"
        kept.save()

    assert "other" not in may_not_sign(page)


def test_separated_records_print_what_they_did_and_who_separated_counts(people, other, records, publish):
    gone, kept = records
    page = publish(make_citing(people.author, gone))
    before = medical(page).digest
    merge(gone, into=kept, by=None)

    separate(gone, by=other)

    assert medical(page).digest == before and "other" in may_not_sign(page)


def test_authors_do_not_merge(people, records):
    gone, kept = records

    with pytest.raises(NotPermitted):
        merge(gone, into=kept, by=people.author)
    with pytest.raises(NotPermitted):
        separate(gone, by=people.author)

    assert not Source.objects.exclude(merged_into=None).exists()


def test_a_record_is_merged_once_and_not_into_itself(other, records):
    gone, kept = records
    with pytest.raises(CannotMerge, match="same one"):
        merge(gone, into=gone, by=other)
    merge(gone, into=kept, by=other)

    for given in ({"source": gone, "into": make_source()}, {"source": make_source(), "into": gone}):
        with pytest.raises(CannotMerge, match="already"):
            merge(given["source"], into=given["into"], by=other)
    with pytest.raises(CannotMerge, match="not merged"):
        separate(kept, by=other)


def test_an_earlier_version_does_not_undo_a_merge(other, records):
    gone, kept = records
    revision = gone.save_revision()
    merge(gone, into=kept, by=other)

    Revision.objects.get(pk=revision.pk).as_object().save()

    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_records_that_were_merged_are_not_deleted(other, records, login):
    gone, kept = records
    merge(gone, into=kept, by=other)

    for row in records:
        login(other).post(reverse("wagtailsnippets_articles_source:delete", args=[row.pk]))

    assert Source.objects.filter(pk__in=[gone.pk, kept.pk]).count() == 2
    with pytest.raises(ProtectedError):
        kept.delete()
