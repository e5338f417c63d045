"""What an article has besides its content, and the card that lists show."""

from rest_framework import serializers

from api.v1.schemas.fields import COMPONENTS, DigestField, constant
from api.v1.schemas.image import HeroSerializer
from articles.record.vocabulary import ArticleType, Audience, ChangeKind, NoticeKind, ReviewStatus, Role, SectionKind


class TopicSerializer(serializers.Serializer):
    slug = serializers.CharField(max_length=255)
    name = serializers.CharField(max_length=255)


class DigestsSerializer(serializers.Serializer):
    medical = DigestField(help_text="The digest of the bytes that the clinicians signed.")
    presentation = DigestField(help_text="The digest of the bytes that define how the article is presented.")


class ChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(ChangeKind.choices)
    note = serializers.CharField(allow_blank=True, max_length=500, help_text="The note for readers.")


class CurrentEditionSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    digests = DigestsSerializer()
    published_at = serializers.DateTimeField(help_text="When this edition was published.")
    first_published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(help_text="When the last material change was published.")
    change = ChangeSerializer(allow_null=True, help_text="What is new; null in the first edition.")


class ComponentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(COMPONENTS)
    format = serializers.IntegerField(min_value=1, help_text="The version of its document's format.")
    edition = serializers.IntegerField(min_value=1)
    digest = DigestField(help_text="The digest of the signed bytes.")


class ReviewerSerializer(serializers.Serializer):
    id = serializers.UUIDField(allow_null=True, help_text="The person, as in `people/`.")
    name = serializers.CharField(max_length=255)
    credentials = serializers.CharField(allow_blank=True, max_length=255)
    specialty = serializers.CharField(allow_blank=True, max_length=255)
    role = serializers.ChoiceField(Role.choices, help_text="Today it is `medical`.")
    signed_at = serializers.DateTimeField()


class ReviewSerializer(serializers.Serializer):
    status = serializers.ChoiceField(ReviewStatus.choices)
    last_reviewed_on = serializers.DateField()
    next_review_on = serializers.DateField()
    reviewed_by = ReviewerSerializer(
        many=True, help_text="The clinicians who signed these bytes. Empty while no signature counts: then name nobody."
    )


class NoticeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(NoticeKind.choices, help_text="New kinds may be added; show their text as well.")
    reference = serializers.IntegerField(required=False, min_value=1, help_text="The number of the source concerned.")
    since = serializers.DateField()
    text = serializers.CharField(max_length=500, help_text="Show it above the article.")
    lang = serializers.CharField(max_length=16, help_text="The language of `text`.")


class OmittedSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(COMPONENTS, help_text="Today it is `offer`.")
    id = serializers.UUIDField()
    section = serializers.CharField(help_text="The id of the section that it belongs to.")
    reason = serializers.CharField(
        help_text="Why it is left out, for programs: `not-published`, `not-for-this-slot` or `review-overdue`. Others "
        "may be added."
    )


class SectionLinkSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(SectionKind.choices)
    url = serializers.URLField()


class TranslationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    locale = serializers.CharField(max_length=16)
    url = serializers.URLField()
    web_url = serializers.URLField()
    outdated = serializers.BooleanField(
        help_text="Whether this article had a material change after the translation's last edition."
    )


class LinksSerializer(serializers.Serializer):
    json_ld = serializers.URLField(help_text="The article as schema.org JSON-LD.")
    editions = serializers.URLField()
    state = serializers.URLField(help_text="What we sign about the article, for as long as it is so.")
    sections = SectionLinkSerializer(many=True)
    translations = TranslationSerializer(many=True)


class CardContentSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=255)
    summary = serializers.CharField(allow_blank=True, max_length=300)
    language = serializers.CharField(max_length=16)
    audience = serializers.ChoiceField(Audience.choices)
    reading_minutes = serializers.IntegerField(min_value=1)
    hero = HeroSerializer(allow_null=True)


class CardSerializer(serializers.Serializer):
    """An article in a list: `content` is reduced."""

    id = serializers.UUIDField(help_text="The same in all editions.")
    type = constant("article")
    article_type = serializers.ChoiceField(ArticleType.choices)
    slug = serializers.CharField(max_length=255)
    locale = serializers.CharField(max_length=16)
    url = serializers.URLField(help_text="The article's address in the API.")
    web_url = serializers.URLField(help_text="The article's page for readers.")
    topics = TopicSerializer(many=True)
    edition = CurrentEditionSerializer()
    components = ComponentSerializer(many=True, help_text="Signed texts that many articles share.")
    review = ReviewSerializer()
    notices = NoticeSerializer(many=True)
    omitted = OmittedSerializer(many=True, help_text="The offers that were left out, and why.")
    content = CardContentSerializer()
    links = LinksSerializer()
