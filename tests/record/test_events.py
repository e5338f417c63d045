"""The ledger: gapless numbers, chained hashes, only inside a transaction."""

from uuid import uuid4

import pytest
from django.db import transaction

from articles.errors import NotRepresentable
from articles.record import events
from articles.record.models import Event


def append(**data):
    return events.append("submitted", subject_kind="article", subject=uuid4(), actor={}, data=data)


@pytest.mark.django_db
def test_events_are_numbered_without_gaps_from_the_last():
    first, second = append(), append()

    assert second.number == first.number + 1


@pytest.mark.django_db
def test_each_event_carries_the_hash_of_the_one_before():
    first, second = append(), append(note="x")

    assert second.previous_hash == first.hash


@pytest.mark.django_db
def test_the_hash_can_be_computed_again_from_the_stored_row():
    event = append(note="Ünicode", list=[1, {"a": None}])

    assert events.hash_of(Event.objects.get(pk=event.pk)) == event.hash


@pytest.mark.django_db
def test_a_rolled_back_event_leaves_no_gap():
    first = append()
    with pytest.raises(RuntimeError), transaction.atomic():
        append()
        raise RuntimeError

    assert append().number == first.number + 1


@pytest.mark.django_db(transaction=False)
def test_a_decimal_is_refused_rather_than_hashed_differently_elsewhere():
    with pytest.raises(NotRepresentable):
        append(share=0.5)
