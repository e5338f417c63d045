"""Signed bytes: only the members that every document has. The format has a version, and never changes once signed."""

from rest_framework import serializers

from api.v1.schemas.fields import COMPONENTS, PARTS


class SignedPartSerializer(serializers.Serializer):
    """A document has further members; which ones depends on its kind and format."""

    kind = serializers.ChoiceField(PARTS)
    format = serializers.IntegerField(min_value=1, help_text="The version of the document's format.")


class SignedComponentSerializer(serializers.Serializer):
    """A document has further members; which ones depends on its kind and format."""

    kind = serializers.ChoiceField(COMPONENTS)
    format = serializers.IntegerField(min_value=1, help_text="The version of the document's format.")
