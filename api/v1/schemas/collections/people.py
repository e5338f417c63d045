"""People and sources, with the articles that show them."""

from rest_framework import serializers

from api.v1.schemas.article import ReferenceSerializer


class UsedInSerializer(serializers.Serializer):
    """An article that shows it."""

    id = serializers.UUIDField()
    title = serializers.CharField(max_length=255)
    locale = serializers.CharField(max_length=16)
    slug = serializers.CharField(max_length=255)
    url = serializers.URLField(help_text="Its address in the API.")
    web_url = serializers.URLField(help_text="Its page for readers.")


class PersonFactsSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    url = serializers.URLField()
    name = serializers.CharField(max_length=255)
    credentials = serializers.CharField(allow_blank=True, max_length=255)
    specialty = serializers.CharField(allow_blank=True, max_length=255)
    registration = serializers.CharField(
        allow_blank=True, max_length=320, help_text="The register and the number in it, as a lead verified it."
    )
    interests = serializers.CharField(allow_blank=True, help_text="Declared interests; empty if none were declared.")


class CountedPersonSerializer(PersonFactsSerializer):
    articles = serializers.IntegerField(min_value=1, help_text="The number of published articles.")


class PeopleSerializer(serializers.Serializer):
    results = CountedPersonSerializer(many=True, help_text="Sorted by name.")


class PersonSerializer(PersonFactsSerializer):
    articles = UsedInSerializer(many=True, help_text="Articles they reviewed or wrote, newest first; at most 1,000.")


class SourceReferenceSerializer(ReferenceSerializer):
    """Without `number`, which a source has in an article only."""

    number = None  # type: ignore[assignment]  # DRF's way to leave out a field


class SourceSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    reference = SourceReferenceSerializer(help_text="As the newest article signed it.")
    articles = UsedInSerializer(many=True, help_text="The articles that cite it, newest first; at most 1,000.")
