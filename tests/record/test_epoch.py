"""The epoch: begun once, whoever asks first; only a restore renews it; the ledger does not see its row."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles.record import epoch, events
from articles.record.append_only import triggers
from articles.record.ledger.verify import verify
from articles.record.models import Counter
from tests.record.test_events import append


@pytest.mark.django_db
def test_the_epoch_is_sixteen_hex_digits_and_stays():
    first = epoch.current()

    assert re.fullmatch("[0-9a-f]{16}", first)
    assert epoch.current() == first


@pytest.mark.django_db
def test_a_renewed_epoch_is_another_one_and_its_row_has_no_number():
    first, second = epoch.current(), epoch.renew()

    assert first != second == epoch.current()
    assert Counter.objects.get(name="epoch").value == 0


@pytest.mark.django_db
def test_an_epoch_can_be_renewed_before_anybody_asked_for_it():
    assert epoch.renew() == epoch.current()


@pytest.mark.django_db
def test_after_a_renewal_the_counter_is_guarded_as_before():
    epoch.renew()

    assert triggers.missing() == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["hash = 'f'", "value = 1", "name = 'x'"])
def test_the_database_refuses_every_other_change_of_the_epoch(change):
    epoch.current()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE record_counter SET {change} WHERE name = 'epoch'")


def test_the_ledger_goes_on_beside_the_epoch(history):
    before = epoch.renew()
    event = append()

    assert epoch.current() == before
    assert Counter.objects.get(name=events.LEDGER).value == event.number
    assert verify(now=timezone.now())[0] == []
