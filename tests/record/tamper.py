"""What somebody can do who writes to the database itself: drop triggers, change columns, write the history anew."""

from django.db import connection

from articles.record import events
from articles.record.delivery import projection
from articles.record.events import LEDGER
from articles.record.models import Counter, Edition, Event, SignOff, TreeHead
from articles.record.tree import growth
from articles.record.vocabulary import SHOWING


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def drop_triggers() -> None:
    for name, table in _triggers():
        sql(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def _triggers() -> list[tuple[str, str]]:
    listed = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record%'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'record%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(listed[connection.vendor])
        return cursor.fetchall()


def rewrite_from(number: int) -> None:
    """Seal and hash every line from there again, and set the counter: the chain is whole afterwards."""
    before = Event.objects.filter(number=number - 1).first()
    previous = before.hash if before else "0" * 64
    for event in Event.objects.filter(number__gte=number).order_by("number"):
        for model in (SignOff, Edition):
            if row := model.objects.filter(event=event.number).first():
                event.data["row"] = events.seal(row)
        event.previous_hash = previous
        previous = event.hash = events.hash_of(event)
        Event.objects.filter(pk=event.pk).update(previous_hash=event.previous_hash, hash=event.hash, data=event.data)
    set_counter_to_the_last_line()


def restore_log() -> None:
    """The log over the lines as they are now, without a trace of the one that was."""
    TreeHead.objects.all().delete()
    growth.rebuild(now=Event.objects.latest("number").at)


def set_counter_to_the_last_line() -> None:
    last = Event.objects.order_by("-number").first()
    Counter.objects.filter(name=LEDGER).update(value=last.number, hash=last.hash)


def cut_after(number: int) -> None:
    """As a database restored from yesterday: everything after the line is gone."""
    for model in (SignOff, Edition):
        model.objects.filter(event__gt=number).delete()
    Event.objects.filter(number__gt=number).delete()
    set_counter_to_the_last_line()


def restore_derived() -> None:
    """As whoever restores, or forges, a whole database would have it: delivery's rows say what its record says."""
    for subject in set(Edition.objects.values_list("subject", flat=True)):
        last = Event.objects.filter(subject=subject, kind__in=SHOWING).last()
        projection.write(subject, now=last.at)
