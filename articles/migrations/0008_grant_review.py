"""Who may do what is new in review: leads, editors, and a group of clinicians on call for what cannot wait."""

from django.db import migrations

GRANTS = {
    "On-call clinicians": ("emergency_article", "notice_article"),
    "Medical leads": ("emergency_article", "notice_article", "void_article", "assign_article", "report_article"),
    "Editors": ("assign_article", "report_article"),
    "Medical reviewers": ("report_article",),
}


def grant(apps, schema_editor) -> None:
    kinds = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    articles, _ = kinds.get_or_create(app_label="articles", model="articlepage")
    admin, _ = kinds.get_or_create(app_label="wagtailadmin", model="admin")
    access, _ = permissions.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    for name, codenames in GRANTS.items():
        group, is_new = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        if is_new:
            group.permissions.add(access)
        for codename in codenames:
            words = codename.replace("_", " ").capitalize()
            permission, _ = permissions.get_or_create(
                content_type=articles, codename=codename, defaults={"name": words}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_review_by_people")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
