"""The fixtures."""

from rest_framework import serializers


class FixtureSerializer(serializers.Serializer):
    name = serializers.CharField()
    id = serializers.UUIDField(help_text="It never changes.")
    description = serializers.CharField(help_text="What is special about it.")
    status = serializers.IntegerField(help_text="The HTTP status at its address: 200 or 410.")
    url = serializers.URLField()


class FixturesSerializer(serializers.Serializer):
    results = FixtureSerializer(many=True)
