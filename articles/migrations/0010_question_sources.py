"""Who says by hand that a source was retracted: it stands at once above signed articles."""

from django.db import migrations

GRANTS = {"Editors": ("question_source",), "Medical leads": ("question_source", "change_source", "view_source")}
CODENAME, WORDS = "question_source", "Can say that a source was retracted or is questioned, or stands again"


def grant(apps, schema_editor) -> None:
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="articles", model="source")
    permissions = apps.get_model("auth", "Permission").objects
    for name, codenames in GRANTS.items():
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        for codename in codenames if group else ():
            words = WORDS if codename == CODENAME else f"Can {codename.replace('_', ' ')}"
            permission, _ = permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": words})
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_several_specialties")]
    operations = [
        migrations.AlterModelOptions("source", {"ordering": ["title", "pk"], "permissions": [(CODENAME, WORDS)]}),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
