"""Topics: where readers look for an article. They help to find it and are in no document.

Nobody signs a topic's name, and readers get it: so it is a name, in which there is no room for a dose or an advice.
"""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.search import index

from articles.record.slugs import one_form

LONGEST_NAME = 60
SENTENCE_MARKS = ".:;!?…¿¡。：；！？"
NO_NAME = (
    f"A topic name has at most {LONGEST_NAME} characters, without digits, line breaks or any of . : ; ! ?, "
    "because readers see it without a signature. Write, for example, “Hair and scalp”."
)


def is_name(text: str) -> bool:
    """Short, and of signs that no sentence and no dose needs."""
    return len(text) <= LONGEST_NAME and not any(
        sign.isnumeric() or sign in SENTENCE_MARKS or not sign.isprintable() for sign in text
    )


class Topic(index.Indexed, models.Model):
    name = models.CharField(max_length=255, unique=True)
    slug = models.SlugField(
        max_length=255, unique=True, help_text="Used in addresses of the API, for example ?topic=hair-and-scalp."
    )

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Raises ValidationError as `clean` does, whoever saves it."""
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError for what is no name. The slug takes its one form, so that none is there twice."""
        super().clean()
        self.slug = one_form(self.slug)
        if not is_name(self.name):
            raise ValidationError({"name": NO_NAME})
