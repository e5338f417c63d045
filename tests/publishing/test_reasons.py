"""Reasons stay in the ledger for ever, so that they are short: whoever calls the verb, form or not."""

import pytest

from articles.publishing.notices import CannotNotice, give, lift
from articles.publishing.void import CannotVoid, void
from articles.record.models import Event, SignOff
from tests.factories import PASSWORD, make_on_call, make_user

TOO_LONG = "x" * 1001


def test_a_sign_off_is_voided_for_a_reason_of_at_most_1000_characters(published):
    row, lead = SignOff.objects.filter(subject=published.article_id).first(), make_user("lead", "Medical leads")

    with pytest.raises(CannotVoid, match="up to 1000 characters"):
        void(signoff=row, reason=TOO_LONG, by=lead)

    assert not Event.objects.filter(kind="voided").exists()
    assert void(signoff=row, reason=TOO_LONG[1:], by=lead)


def test_a_notice_is_lifted_for_a_reason_of_at_most_1000_characters(published):
    on_call = make_on_call()
    notice = give(articles=[published.article_id], texts={"en": "Stop."}, user=on_call, password=PASSWORD)

    with pytest.raises(CannotNotice, match="up to 1000 characters"):
        lift(notice=notice, reason=TOO_LONG, by=on_call)

    assert not Event.objects.filter(kind="notice-lifted").exists()
    assert lift(notice=notice, reason=TOO_LONG[1:], by=on_call) == 1
