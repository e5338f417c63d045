"""The sync feed."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from api.v1.schemas.article import ARTICLE
from api.v1.schemas.fields import constant
from api.v1.schemas.problem import REASONS, ReplacementSerializer


@extend_schema_field(ARTICLE)
class ArticleField(serializers.Field):
    """An article in the requested form."""


class ChangedSerializer(serializers.Serializer):
    """What every change includes."""

    id = serializers.UUIDField(help_text="The article's id.")
    locale = serializers.CharField(max_length=16)
    slug = serializers.CharField(max_length=255)
    edition = serializers.IntegerField(min_value=1)
    changed_at = serializers.DateTimeField()


class UpsertSerializer(ChangedSerializer):
    """Store the article, or replace your copy."""

    change = constant("upsert")
    url = serializers.URLField(help_text="The article's address in the API.")
    valid_until = serializers.DateTimeField(
        allow_null=True,
        help_text="Show your copy no longer than this, whatever the feed says; null if its policy sets no end.",
    )
    article = ArticleField(required=False, help_text="With `include=articles`.")


class TombstoneSerializer(ChangedSerializer):
    """Remove your copy; readers must no longer see it. Of the article's own text it has nothing: keep the title of your
    copy if you want to say what was withdrawn."""

    change = constant("tombstone")
    reason = serializers.ChoiceField(REASONS)
    explanation = serializers.CharField(allow_blank=True, help_text="The explanation for readers. Show it.")
    lang = serializers.CharField(max_length=16, help_text="The language of `explanation`.")
    replacement = ReplacementSerializer(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    temporary = serializers.BooleanField(help_text="Whether it may return without a new text.")


class OtherEntrySerializer(ChangedSerializer):
    """A kind of change that a later version may add: fetch the article by its id, and follow what that answers."""

    change = serializers.CharField()


ENTRY = PolymorphicProxySerializer(
    component_name="FeedEntry",
    serializers={"upsert": UpsertSerializer, "tombstone": TombstoneSerializer, "other": OtherEntrySerializer},
    resource_type_field_name="change",
)


@extend_schema_field(ENTRY)
class EntryField(serializers.Field):
    """An article that changed."""


class ChangesSerializer(serializers.Serializer):
    results = serializers.ListField(child=EntryField(), help_text="Each article once, at its latest change.")
    cursor = serializers.CharField(help_text="Store it with your copy, and ask again with it later.")
    next = serializers.URLField(allow_null=True, help_text="What follows right now; null if there is no more.")
    has_more = serializers.BooleanField(help_text="Whether there is more right now: follow `next` at once.")
    valid_until = serializers.DateTimeField(
        allow_null=True,
        help_text="How long your whole copy is good: ask again before then. After that, do not show your copies as "
        "reviewed until you have asked again. Null while there is more: your copy is not complete yet.",
    )
    state = serializers.CharField(
        allow_null=True,
        help_text="What we sign about the whole set that you have after the last page, with an end: a compact JWS, "
        "`typ` `vetted-feed+jwt`. Null without a key, and for about a second after a change.",
    )
