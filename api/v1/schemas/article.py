"""The whole article."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from api.v1.schemas.card import CardContentSerializer, CardSerializer
from api.v1.schemas.fields import constant, portable_text
from api.v1.schemas.image import (
    ImageSerializer,
    RenditionSerializer,
    ShownImageSerializer,
    SignedHeroSerializer,
    SignedImageSerializer,
)
from api.v1.schemas.section import PortableSectionField, SectionField
from api.v1.schemas.section_parts import CodeSerializer
from articles.record.vocabulary import AiUse, ArticleType, CodeSystem, RegulatoryStatus, SourceStatus, StudyDesign


class MarketStatusSerializer(serializers.Serializer):
    market = serializers.CharField(allow_blank=True, max_length=2, help_text="Two letters, for example US.")
    status = serializers.ChoiceField(RegulatoryStatus.choices, allow_null=True)


class SubstanceSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True, max_length=255)
    system = serializers.ChoiceField(CodeSystem.choices, allow_null=True)
    code = serializers.CharField(allow_blank=True, max_length=32)
    status = MarketStatusSerializer(many=True, help_text="For the use that the article describes, by market.")


class AuthorSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The person, as in `people/`.")
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
    source_status = serializers.ChoiceField(
        SourceStatus.choices, help_text="The source's status since publication; show it unless it is `standing`."
    )
    source_status_since = serializers.DateField(allow_null=True)
    source_status_url = serializers.URLField(
        allow_null=True,
        help_text="The publisher's notice that says so; if the status is `superseded`, the newer version.",
    )


class DisclaimerSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    html = serializers.CharField()


class TargetArticleSerializer(serializers.Serializer):
    locale = serializers.CharField(max_length=16)
    slug = serializers.CharField(max_length=255)
    title = serializers.CharField(max_length=255)
    url = serializers.URLField(help_text="Its address in the API.")
    web_url = serializers.URLField(help_text="Its page for readers.")


class RelatedSerializer(TargetArticleSerializer):
    id = serializers.UUIDField(help_text="The article that the author chose.")
    article = serializers.UUIDField(help_text="The article to open: the translation in this language, if there is one.")


class SeoSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=255)
    description = serializers.CharField(allow_blank=True)
    image = ImageSerializer(allow_null=True)


class AiUseSerializer(serializers.Serializer):
    use = serializers.ChoiceField(AiUse.choices)
    tool = serializers.CharField(allow_blank=True, max_length=120, help_text="The tool and its version.")


class SharedContentSerializer(CardContentSerializer):
    """What `content` has in each form."""

    synonyms = serializers.ListField(
        child=serializers.CharField(max_length=120),
        help_text="Other names that people search for, such as everyday and brand names.",
    )
    article_type = serializers.ChoiceField(ArticleType.choices)
    sponsorship = serializers.CharField(allow_null=True, max_length=600, help_text="Who paid for the article. Show it.")
    ai_use = AiUseSerializer(allow_null=True, help_text="How AI was used for the text, as its editors declare it.")
    codes = CodeSerializer(many=True)
    substances = SubstanceSerializer(many=True)
    authors = AuthorSerializer(many=True)
    references = ReferenceSerializer(many=True, help_text="Numbered in order of first appearance.")


class ContentSerializer(SharedContentSerializer):
    sections = serializers.ListField(child=SectionField())
    disclaimers = DisclaimerSerializer(many=True)
    related = RelatedSerializer(many=True)
    seo = SeoSerializer()


class ArticleSerializer(CardSerializer):
    """An article as it was signed, rich text as HTML."""

    rich_text = constant("html")
    content = ContentSerializer()


class MarkdownDisclaimerSerializer(DisclaimerSerializer):
    text = serializers.CharField(help_text="Markdown.")


class MarkdownContentSerializer(ContentSerializer):
    disclaimers = MarkdownDisclaimerSerializer(many=True)


class MarkdownArticleSerializer(CardSerializer):
    """An article as it was signed, rich text as CommonMark."""

    rich_text = constant("markdown")
    content = MarkdownContentSerializer()


class PortableHeroSerializer(serializers.Serializer):
    """What each part signs of the picture, and its files."""

    medical = SignedHeroSerializer()
    presentation = ShownImageSerializer(allow_null=True)
    renditions = RenditionSerializer(many=True)


class MedicalSeoSerializer(serializers.Serializer):
    title = serializers.CharField(allow_blank=True, max_length=255, help_text="If empty, use the article's title.")
    description = serializers.CharField(allow_blank=True, help_text="If empty, use the article's summary.")
    image = SignedImageSerializer(allow_null=True)


class PresentationSeoSerializer(serializers.Serializer):
    image = ShownImageSerializer(allow_null=True)


class PortableSeoSerializer(serializers.Serializer):
    medical = MedicalSeoSerializer()
    presentation = PresentationSeoSerializer()
    renditions = RenditionSerializer(many=True)


class PortableDisclaimerSerializer(DisclaimerSerializer):
    """`html` is empty while the disclaimer is not published."""

    html = serializers.CharField(allow_blank=True)
    text = portable_text("As it was signed.")


class ResolvedSerializer(TargetArticleSerializer):
    id = serializers.UUIDField(help_text="The article to open: the translation in this language, if there is one.")


class PortableRelatedSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The article that the author chose.")
    resolved = ResolvedSerializer(allow_null=True, help_text="Null while it is not published; leave it out.")


class ChosenOfferSerializer(serializers.Serializer):
    section = serializers.CharField(help_text="The id of the section whose slot it was chosen for.")
    offer = serializers.UUIDField(help_text="The offer's id.")


class PortableContentSerializer(SharedContentSerializer):
    """The signed values of both parts, unaltered; `signed` and `derived` say which they are."""

    hero = PortableHeroSerializer(allow_null=True)  # type: ignore[assignment] # other than in the other forms
    sections = serializers.ListField(child=PortableSectionField())
    disclaimers = PortableDisclaimerSerializer(many=True)
    related = PortableRelatedSerializer(many=True)
    offers = ChosenOfferSerializer(many=True, help_text="The offers that an editor signed for the slots.")
    seo = PortableSeoSerializer()


class SignedPartDescriptionSerializer(serializers.Serializer):
    kind = serializers.CharField()
    format = serializers.IntegerField(min_value=1)
    members = serializers.ListField(child=serializers.CharField(), help_text="The members of `content` that it signs.")
    derived = serializers.ListField(
        child=serializers.CharField(), help_text="The members to remove, at any depth, before hashing."
    )


class SignedSerializer(serializers.Serializer):
    medical = SignedPartDescriptionSerializer()
    presentation = SignedPartDescriptionSerializer()


class PortableArticleSerializer(CardSerializer):
    """An article with the signed values unaltered, rich text as Portable Text: compute its digests yourself."""

    rich_text = constant("portable")
    content = PortableContentSerializer()
    signed = SignedSerializer(help_text="How to rebuild the signed bytes of each part.")
    derived = serializers.ListField(child=serializers.CharField(), help_text="The same as `signed.medical.derived`.")


ARTICLE = PolymorphicProxySerializer(
    component_name="AnyArticle",
    serializers={
        "html": ArticleSerializer,
        "markdown": MarkdownArticleSerializer,
        "portable": PortableArticleSerializer,
    },
    resource_type_field_name="rich_text",
)

MARKDOWN_DOCUMENT: dict[str, Any] = {
    "type": "string",
    "description": "The article as CommonMark, with everything that must be shown: notices, review, references with "
    "their status, disclaimers. `rich_text` does not change it.",
}
