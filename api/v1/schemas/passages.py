"""Sections by themselves, in the envelope without which no reader may see them."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from api.v1.schemas.article import (
    DisclaimerSerializer,
    MarkdownDisclaimerSerializer,
    PortableDisclaimerSerializer,
    ReferenceSerializer,
)
from api.v1.schemas.card import CardSerializer
from api.v1.schemas.fields import constant
from api.v1.schemas.found import matched_codes
from api.v1.schemas.section import PortableSectionField, SectionField


class EnvelopeSerializer(CardSerializer):
    """The article's card with what must be shown beside its sections."""

    sponsorship = serializers.CharField(allow_null=True, max_length=600, help_text="Who paid for the article. Show it.")
    references = ReferenceSerializer(many=True, help_text="The references that these sections cite.")
    matched = matched_codes()


class PassagesSerializer(EnvelopeSerializer):
    rich_text = constant("html")
    disclaimers = DisclaimerSerializer(many=True)
    results = serializers.ListField(child=SectionField())


class MarkdownPassagesSerializer(PassagesSerializer):
    rich_text = constant("markdown")
    disclaimers = MarkdownDisclaimerSerializer(many=True)


class PortablePassagesSerializer(EnvelopeSerializer):
    rich_text = constant("portable")
    disclaimers = PortableDisclaimerSerializer(many=True)
    results = serializers.ListField(child=PortableSectionField())


PASSAGES = PolymorphicProxySerializer(
    component_name="AnyPassages",
    serializers={
        "html": PassagesSerializer,
        "markdown": MarkdownPassagesSerializer,
        "portable": PortablePassagesSerializer,
    },
    resource_type_field_name="rich_text",
)


@extend_schema_field(PASSAGES)
class PassagesField(serializers.Field):
    """An article's sections in their envelope."""


class PassagePageSerializer(serializers.Serializer):
    results = serializers.ListField(child=PassagesField(), help_text="One entry per article, newest first.")
    next = serializers.URLField(allow_null=True, help_text="The page after this one.")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one.")
