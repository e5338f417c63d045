"""Topics: where readers look for an article. They help to find it and are in no document."""

from django.db import models
from wagtail.search import index


class Topic(index.Indexed, models.Model):
    name = models.CharField(max_length=255, unique=True)
    slug = models.SlugField(max_length=255, unique=True, help_text="In the API: ?topic=hair-and-scalp")

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
