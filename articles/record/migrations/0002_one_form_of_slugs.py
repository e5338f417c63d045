"""Slugs by which articles and topics are found take their one form (articles.record.slugs), as the projection writes
them from now on. Where two articles had slugs that differ by form alone, the current one keeps the address."""

from django.db import migrations

from articles.record.slugs import one_form


def fold(apps, schema_editor):
    Path, Facet, Topic = (apps.get_model("record", name) for name in ("Path", "Facet", "TopicEntry"))
    for row in Path.objects.order_by("-current", "pk"):
        if one_form(row.slug) != row.slug:
            Path.objects.filter(pk=row.pk).delete()
            Path.objects.get_or_create(
                locale=row.locale, slug=one_form(row.slug), defaults={"article": row.article, "current": row.current}
            )
    for row in Facet.objects.filter(name="topic"):
        if one_form(row.value) != row.value:
            Facet.objects.filter(pk=row.pk).delete()
            Facet.objects.get_or_create(article=row.article, name="topic", value=one_form(row.value))
    for row in Topic.objects.order_by("-event"):
        if one_form(row.slug) != row.slug:
            Topic.objects.filter(pk=row.pk).delete()
            Topic.objects.get_or_create(slug=one_form(row.slug), defaults={"name": row.name, "event": row.event})


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
