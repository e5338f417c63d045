"""The whole article."""

from rest_framework import serializers

from api.v1.schemas.card import CardContentSerializer, CardSerializer
from api.v1.schemas.fields import rich_text
from api.v1.schemas.image import ImageSerializer
from api.v1.schemas.section import SectionField
from api.v1.schemas.section_parts import CodeSerializer
from articles.record.vocabulary import CodeSystem, RegulatoryStatus, StudyDesign


class MarketStatusSerializer(serializers.Serializer):
    market = serializers.CharField(allow_blank=True, max_length=2, help_text="Two letters, for example US.")
    status = serializers.ChoiceField(RegulatoryStatus.choices, allow_null=True)


class SubstanceSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True, max_length=255)
    system = serializers.ChoiceField(CodeSystem.choices, allow_null=True)
    code = serializers.CharField(allow_blank=True, max_length=32)
    status = MarketStatusSerializer(many=True, help_text="For the use that the article describes, by market.")


class AuthorSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=255)
    credentials = serializers.CharField(allow_blank=True, max_length=255)


class ReferenceTextSerializer(serializers.Serializer):
    ama = serializers.CharField(help_text="AMA style, plain text.")
    nlm = serializers.CharField(help_text="NLM (Vancouver) style, plain text.")


class ReferenceSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    source_id = serializers.UUIDField()
    design = serializers.ChoiceField(StudyDesign.choices, allow_null=True)
    text = ReferenceTextSerializer()
    csl = serializers.DictField(help_text="CSL-JSON, for citation software.")
    doi = serializers.CharField(allow_blank=True, max_length=255)
    pmid = serializers.CharField(allow_blank=True, max_length=16)
    url = serializers.CharField(allow_blank=True, max_length=1000)


class DisclaimerSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    html = serializers.CharField()
    text = rich_text("Only with `rich_text=portable` or `markdown`.", required=False)


class RelatedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    slug = serializers.CharField(max_length=255)
    title = serializers.CharField(max_length=255)
    url = serializers.URLField()


class SeoSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=255)
    description = serializers.CharField(allow_blank=True)
    image = ImageSerializer(allow_null=True)


class ContentSerializer(CardContentSerializer):
    sponsorship = serializers.CharField(allow_null=True, max_length=600, help_text="Who paid for the article. Show it.")
    codes = CodeSerializer(many=True)
    substances = SubstanceSerializer(many=True)
    authors = AuthorSerializer(many=True)
    sections = serializers.ListField(child=SectionField())
    references = ReferenceSerializer(many=True, help_text="Numbered in order of first appearance.")
    disclaimers = DisclaimerSerializer(many=True)
    related = RelatedSerializer(many=True)
    seo = SeoSerializer()


class ArticleSerializer(CardSerializer):
    """An article as it was signed."""

    content = ContentSerializer()
