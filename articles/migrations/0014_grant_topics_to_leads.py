"""Medical leads may rename topics: those that a policy goes by, nobody else may."""

from django.db import migrations


def grant(apps, schema_editor) -> None:
    topics, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="articles", model="topic")
    for right in ("view", "change"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=topics, codename=f"{right}_topic", defaults={"name": f"Can {right} topic"}
        )
        for group in apps.get_model("auth", "Group").objects.filter(name="Medical leads"):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_remember_writers")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
