"""Titles take their places in the alphabet, and articles the day of their review, until they are composed anew."""

import json
from datetime import date

from django.db import migrations

from articles.record.search.alphabet import title_key


def fill(apps, schema_editor):
    Publication = apps.get_model("record", "Publication")
    for row in Publication.objects.only("title", "card").iterator():
        row.title_key = title_key(row.title)
        if card := bytes(row.card):
            row.reviewed_on = date.fromisoformat(json.loads(card)["review"]["last_reviewed_on"])
        row.save(update_fields=["title_key", "reviewed_on"])


class Migration(migrations.Migration):
    dependencies = [("record", "0005_search_alphabet_and_dates")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
