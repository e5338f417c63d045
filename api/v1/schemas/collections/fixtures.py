"""The fixtures."""

from rest_framework import serializers


class FixtureSerializer(serializers.Serializer):
    name = serializers.CharField()
    id = serializers.UUIDField(help_text="The same for ever.")
    description = serializers.CharField(help_text="What is special about it.")
    status = serializers.IntegerField(help_text="What its address answers: 200 or 410.")
    url = serializers.URLField()


class FixturesSerializer(serializers.Serializer):
    results = FixtureSerializer(many=True)
