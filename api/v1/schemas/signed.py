"""Signed bytes: described as far as every document goes. Their form has a number, and never changes once signed."""

from rest_framework import serializers

from api.v1.schemas.fields import COMPONENTS, PARTS


class SignedPartSerializer(serializers.Serializer):
    """A document says more than its kind and format; what, depends on both."""

    kind = serializers.ChoiceField(PARTS)
    format = serializers.IntegerField(min_value=1, help_text="The number of the document's form.")


class SignedComponentSerializer(serializers.Serializer):
    """A document says more than its kind and format; what, depends on both."""

    kind = serializers.ChoiceField(COMPONENTS)
    format = serializers.IntegerField(min_value=1, help_text="The number of the document's form.")
