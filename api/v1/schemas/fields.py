"""Fields that several resources share: digests, constants, and rich text."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from articles.record.vocabulary import SourceStatus, Support

PARTS = [("medical", "Medical part"), ("presentation", "Presentation part")]
COMPONENTS = [("offer", "Offer"), ("disclaimer", "Disclaimer")]
LANGUAGE_TAG = {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "maxLength": 16}


@extend_schema_field({"type": "string", "pattern": "^sha-256:[0-9a-f]{64}$"})
class DigestField(serializers.CharField):
    """`sha-256:` and 64 hex digits."""


def constant(value: str, help_text: str = "") -> serializers.CharField:
    """A field with one value, which tells what the object is."""
    field = extend_schema_field({"type": "string", "const": value})(type("ConstantField", (serializers.CharField,), {}))
    return field(help_text=help_text)


class SpanSerializer(serializers.Serializer):
    _type = constant("span")
    text = serializers.CharField(allow_blank=True)
    marks = serializers.ListField(
        child=serializers.CharField(), help_text="`strong`, `em`, `sub`, `sup`, or the `_key` of a mark definition."
    )


class LinkMarkSerializer(serializers.Serializer):
    _key = serializers.CharField()
    _type = constant("link")
    href = serializers.CharField()


class LeadsToSerializer(serializers.Serializer):
    article = serializers.UUIDField(help_text="The article to open: the translation in this language, if there is one.")
    href = serializers.URLField(help_text="Its page for readers.")


class ArticleMarkSerializer(serializers.Serializer):
    _key = serializers.CharField()
    _type = constant("article")
    article = serializers.UUIDField(help_text="The article that the author linked, as it was signed.")
    leads_to = LeadsToSerializer(allow_null=True, help_text="Null while it is not published; show plain text.")


class AnchorMarkSerializer(serializers.Serializer):
    _key = serializers.CharField()
    _type = constant("anchor")
    section = serializers.CharField(
        help_text="The `id` of a section of this article. The section's `html` has the element id `section-{id}`."
    )


class CitationSerializer(serializers.Serializer):
    reference = serializers.IntegerField(min_value=1, help_text="The number in `content.references`.")
    support = serializers.ChoiceField(
        Support.choices, allow_null=True, help_text="How well the source supports the claim; null if not stated."
    )
    locator = serializers.CharField(allow_blank=True, max_length=80, help_text="Where in the source, for example p. 3.")
    quote = serializers.CharField(allow_blank=True, max_length=1000, help_text="The sentence that supports the claim.")
    source_status = serializers.ChoiceField(
        SourceStatus.choices,
        help_text="If it is `retracted`, `expression-of-concern` or `superseded`, say so beside the claim.",
    )


class CitationMarkSerializer(serializers.Serializer):
    _key = serializers.CharField()
    _type = constant("citation")
    citations = CitationSerializer(many=True)


class OtherMarkSerializer(serializers.Serializer):
    """A mark that a later version may add: show the words alone."""

    _key = serializers.CharField()
    _type = serializers.CharField()


MARK = PolymorphicProxySerializer(
    component_name="PortableTextMark",
    serializers={
        "link": LinkMarkSerializer,
        "article": ArticleMarkSerializer,
        "anchor": AnchorMarkSerializer,
        "citation": CitationMarkSerializer,
        "other": OtherMarkSerializer,
    },
    resource_type_field_name="_type",
)


@extend_schema_field(MARK)
class MarkField(serializers.Field):
    """A mark definition: a link, an article, a section of this article, or a citation."""


class PortableTextBlockSerializer(serializers.Serializer):
    _type = constant("block")
    style = serializers.ChoiceField(["normal", "h3", "h4"])  # type: ignore[assignment] # a field of this name
    children = SpanSerializer(many=True)
    markDefs = serializers.ListField(child=MarkField())
    listItem = serializers.ChoiceField(["bullet", "number"], required=False)
    level = serializers.IntegerField(min_value=1, required=False)


def portable_text(help_text: str, **options: Any) -> Any:
    return PortableTextBlockSerializer(many=True, help_text=help_text, **options)
