"""Where an old address leads."""

from rest_framework import serializers

STATES = ["published", "gone", "not-migrated"]


class FoundArticleSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    locale = serializers.CharField(max_length=16)
    slug = serializers.CharField(max_length=255)
    url = serializers.URLField(help_text="Its address in the API.")
    web_url = serializers.URLField(help_text="Its page for readers: redirect there.")


class ResolvedAddressSerializer(serializers.Serializer):
    address = serializers.CharField(help_text="The old address, as it was imported.")
    state = serializers.ChoiceField(STATES, help_text="New states may be added.")
    article = FoundArticleSerializer(allow_null=True, help_text="Null unless it is `published`.")
