"""The group Assistants: the rights of Authors, and the rule that nobody in it signs (articles.review.roles)."""

from django.db import migrations


def make(apps, schema_editor) -> None:
    groups = apps.get_model("auth", "Group").objects
    assistants, authors = groups.get_or_create(name="Assistants")[0], groups.filter(name="Authors").first()
    if authors is None:
        return
    assistants.permissions.set(authors.permissions.all())
    for model, of in (("GroupPagePermission", "page_id"), ("GroupCollectionPermission", "collection_id")):
        rights = apps.get_model("wagtailcore", model).objects
        for right in rights.filter(group=authors):
            where = {of: getattr(right, of), "permission_id": right.permission_id}
            rights.get_or_create(group=assistants, **where)


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_synonyms"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
