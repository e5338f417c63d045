"""Editions and their sign-offs."""

from rest_framework import serializers

from api.v1.schemas.card import ChangeSerializer, DigestsSerializer
from api.v1.schemas.fields import PARTS, DigestField
from articles.record.vocabulary import Role, Scope


class SignOffSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=255, help_text="The name at the time of signing.")
    credentials = serializers.CharField(allow_blank=True, max_length=255)
    specialty = serializers.CharField(allow_blank=True, max_length=255)
    role = serializers.ChoiceField(Role.choices)
    part = serializers.ChoiceField(PARTS)
    digest = DigestField(help_text="The digest of the signed bytes.")
    scope = serializers.ChoiceField(Scope.choices, help_text="Only `whole` moves the review date.")
    meaning = serializers.CharField(help_text="What the signer declared about the text.")
    signed_at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(
        allow_null=True, help_text="When the signature stopped counting, for example because a license was invalid."
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
    sign_offs = SignOffSerializer(many=True, help_text="The sign-offs of the edition, in the order of signing.")
    parts = PartLinksSerializer(help_text="The addresses of the signed bytes.")


class EditionsSerializer(serializers.Serializer):
    results = EditionSerializer(many=True, help_text="Newest first.")


class RunSerializer(serializers.Serializer):
    op = serializers.ChoiceField(["same", "added", "removed"])
    text = serializers.CharField()


class PlaceSerializer(serializers.Serializer):
    place = serializers.CharField(help_text="Where, in words: “Risks: Side effects of tablets”.")
    section = serializers.CharField(allow_null=True, help_text="The id of the section; null outside of sections.")
    kind = serializers.ChoiceField(["added", "removed", "changed", "moved"])
    runs = RunSerializer(many=True, help_text="The text, in order; unchanged lines are left out.")


class PartChangesSerializer(serializers.Serializer):
    part = serializers.ChoiceField(PARTS)
    changes = PlaceSerializer(many=True)


class EditionChangesSerializer(serializers.Serializer):
    to = serializers.IntegerField(min_value=1)
    parts = PartChangesSerializer(many=True)

    def get_fields(self):
        """`from` is a word of Python's."""
        return {"from": serializers.IntegerField(min_value=1)} | super().get_fields()
