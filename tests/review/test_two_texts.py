"""Two texts at one time: what is asked of one, done to it or said of it, is nothing to the other."""

from datetime import timedelta

import pytest

from articles.errors import NotRepresentable
from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role, SourceStatus, Support
from articles.review.models import OpenNeed, Policy
from articles.review.needs import keeping, rules, table, taking
from articles.review.needs.missing import part_label, role_label
from articles.review.needs.retracted import require_standing_sources
from articles.review.needs.table import needs_written
from articles.review.opening import load, load_current
from articles.review.responses import change_requests
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    block,
    citation,
    complete_body,
    make_article,
    make_offer,
    make_on_call,
    make_source,
    make_user,
    note_needs,
    publish_at_once,
    take,
    taken_by,
    today,
)
from tests.hands import fresh
from tests.publishing.test_reaffirm import again_signed


@pytest.fixture
def two(people):
    """Two drafts; the first is in the workflow."""
    first, second = make_article(by=people.author), make_article(by=people.author)
    submit(page=first, by=people.author)
    return first, second


@pytest.fixture
def both_published(people, publish):
    return [fresh(publish(make_article(by=people.author))) for _ in range(2)]


def make_due(page, days: int = -1) -> None:
    Publication.objects.filter(article=page.article_id).update(next_review_on=today() + timedelta(days=days))


def test_a_draft_is_in_no_step_because_another_is(two):
    first, second = two

    assert (rules.current_step(first.article_id), rules.current_step(second.article_id)) == ("editorial", None)
    assert not rules.may_be_asked(second)
    assert rules.needs(load(second)) == []


def test_an_id_finds_its_own_article_or_component(people, two):
    offers = [make_offer(by=people.author), make_offer(by=people.author)]

    assert [rules.find_target(page.article_id).pk for page in two] == [page.pk for page in two]
    assert [rules.find_target(offer.component_id).pk for offer in offers] == [offer.pk for offer in offers]


def test_a_review_that_is_due_is_the_other_articles_own(both_published):
    first, second = both_published
    make_due(first)

    assert [rules.may_be_asked(page) for page in both_published] == [True, False]
    assert rules.needs(load_current(first)) != []
    assert rules.needs(load_current(second)) == []


def test_a_withdrawn_article_is_neither_due_nor_read(people, both_published):
    first = both_published[0]
    make_due(first)
    withdraw(page=first, reason="other", by=people.editor)

    assert list(rules.due_articles()) == []
    assert [rules.is_read(page.article_id) for page in both_published] == [False, True]


def test_an_emergency_of_one_asks_nothing_of_the_other(people, both_published):
    urgent = make_article(by=people.author)
    publish_at_once(urgent, make_on_call())

    assert [rules.may_be_asked(page) for page in (urgent, *both_published)] == [True, False, False]


def test_what_was_sent_back_stays_so_when_another_is_sent_back_later(people):
    offers = [make_offer(by=people.author, label=label) for label in ("Book", "Call")]
    for offer in offers:
        change_requests.ask(target=offer, by=people.reviewer, reason="Say who earns.")

    assert [rules.needs(load(offer)) for offer in offers] == [[], []]


def test_a_notice_in_between_takes_no_signature_from_a_review_that_is_under_way(people, published):
    Policy.objects.filter(kind="medical").update(medical=2)
    make_due(published)
    again_signed(published, people.reviewer)
    signed = SignOff.objects.latest("pk").pk
    on_call = make_on_call()
    notices.give(articles=[published.article_id], texts={"en": "Do not use lot 7."}, user=on_call, password=PASSWORD)

    given = rules.given(load_current(fresh(published)))["medical"]

    assert signed in {row.pk for row in given}


def test_a_retracted_source_that_is_only_background_does_not_keep_a_review_from_being_signed(people, publish):
    source, fine = make_source(), make_source()
    mild = block("causes", items=[{"name": "Yeast", "citations": [citation(source, support=Support.BACKGROUND)]}])
    page = fresh(publish(make_article(by=people.author, body=[*complete_body(fine), mild])))
    source.status = SourceStatus.RETRACTED
    source.save()

    require_standing_sources(load_current(page))


# The table of open needs


@pytest.fixture
def heard():
    """What `needs_written` said: [(role, whether it was opened just now)] of each writing."""
    said = []

    def hear(rows, **signal):
        said.append([(row.role, is_new) for row, _, is_new in rows])

    needs_written.connect(hear)
    yield said
    needs_written.disconnect(hear)


def test_a_row_is_new_once(two, heard):
    first, _ = two
    OpenNeed.objects.all().delete()

    table.write_needs(load(first))
    table.write_needs(load(first))

    assert heard == [[("editor", True)], [("editor", False)]]


def test_a_text_that_cannot_be_rendered_keeps_and_returns_its_rows(people, two, monkeypatch):
    first, _ = two
    review = load(first)

    def refuse(*given):
        raise NotRepresentable("A title that nobody can read.")

    monkeypatch.setattr(table, "asked_rows", refuse)

    assert [row.role for row in table.write_needs(review)] == ["editor"]


def test_the_daily_job_says_how_many_texts_it_wrote(both_published, two):
    for page in both_published:
        make_due(page)

    assert keeping.write_all() == 3


def test_a_draft_that_can_be_loaded_is_loaded(two):
    assert rules.try_load(two[0]).id == two[0].article_id


@pytest.mark.parametrize(("label", "kind"), [(part_label, "part"), (role_label, "role")])
def test_an_unknown_part_or_role_is_named_by_its_first_32_characters(label, kind):
    assert label("x" * 33) == f"{kind} “{'x' * 32}”"


def test_taking_one_text_takes_no_other(people, two):
    first, second = two
    submit(page=second, by=people.author)
    offers = [make_offer(by=people.author, label=f"Call {number}") for number in range(second.pk)]
    same_key = next(offer for offer in offers if offer.pk == second.pk)
    note_needs(same_key)

    take(second, Role.EDITOR, people.editor)

    assert taken_by(second, Role.EDITOR) == people.editor
    assert [taken_by(text, Role.EDITOR) for text in (first, same_key)] == [None, None]


def test_loads_are_those_of_the_people_asked_about(people, two):
    first, second = two
    submit(page=second, by=people.author)
    other = make_user("other", "Editors")
    take(first, Role.EDITOR, people.editor)
    take(second, Role.EDITOR, other)

    assert taking.loads([people.editor]) == {people.editor.pk: 1}


def test_the_reading_time_does_not_count_the_references(people):
    long, short = make_source(title="w " * 450), make_source(title="Short.")

    rows = []
    for source in (long, short):
        page = make_article(by=people.author, body=complete_body(source))
        submit(page=page, by=people.author)
        rows += table.open_of(page.article_id)

    assert rows[0].minutes == rows[1].minutes
