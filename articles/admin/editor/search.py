"""The admin's search finds articles by their text. The worker writes its index, so nobody waits for it."""

from django.db.models.signals import post_delete, post_save
from django_tasks import task
from wagtail.search import index

from articles.authoring.models import ArticlePage


def connect() -> None:
    """In place of the search library's own receivers, which ArticlePage.search_auto_update switches off."""
    post_save.connect(note_saved, sender=ArticlePage, dispatch_uid="index-for-search")
    post_delete.connect(note_deleted, sender=ArticlePage, dispatch_uid="index-for-search")


def note_saved(instance: ArticlePage, **signal) -> None:
    write_index.enqueue(instance.pk)


def note_deleted(instance: ArticlePage, **signal) -> None:
    index.remove_object(instance)


@task(backend="worker")
def write_index(key: int) -> None:
    """Index the page with this key as it is now; nothing where it was deleted meanwhile."""
    if page := ArticlePage.objects.filter(pk=key).first():
        index.insert_or_update_object(page)
