"""Editors may schedule when an article is published or withdrawn."""

from django.db import migrations


def grant(apps, schema_editor) -> None:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="articles", model="articlepage"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="schedule_article",
        defaults={"name": "Can schedule when an article is published or withdrawn"},
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Editors"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_schedule")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
