"""Editions and their sign-offs."""

from rest_framework import serializers

from api.v1.schemas.card import ChangeSerializer, DigestsSerializer
from api.v1.schemas.fields import PARTS, DigestField
from articles.record.vocabulary import Role, Scope


class SignOffSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=255, help_text="As it was when it was signed.")
    credentials = serializers.CharField(allow_blank=True, max_length=255)
    specialty = serializers.CharField(allow_blank=True, max_length=255)
    role = serializers.ChoiceField(Role.choices)
    part = serializers.ChoiceField(PARTS)
    digest = DigestField(help_text="Of the bytes that were signed.")
    scope = serializers.ChoiceField(Scope.choices, help_text="Only `whole` moves the date of the review.")
    meaning = serializers.CharField(help_text="The sentence above the signature: what it says of the text.")
    signed_at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it counts no more: a licence turned out to be invalid, for example."
    )


class PartLinksSerializer(serializers.Serializer):
    medical = serializers.URLField()
    presentation = serializers.URLField()


class EditionSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    url = serializers.URLField()
    digests = DigestsSerializer()
    published_at = serializers.DateTimeField()
    change = ChangeSerializer(allow_null=True)
    sign_offs = SignOffSerializer(many=True, help_text="Those that the edition rests on, in the order of signing.")
    parts = PartLinksSerializer(help_text="Where the signed bytes are.")


class EditionsSerializer(serializers.Serializer):
    results = EditionSerializer(many=True, help_text="The newest first.")
