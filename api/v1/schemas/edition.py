"""Editions and their sign-offs."""

from rest_framework import serializers

from api.v1.schemas.card import ChangeSerializer, DigestsSerializer
from api.v1.schemas.fields import PARTS, DigestField
from articles.record.vocabulary import Method, Role, Scope


class AssertionSerializer(serializers.Serializer):
    authenticatorData = serializers.CharField()
    clientDataJSON = serializers.CharField()
    signature = serializers.CharField()


class ProofKeySerializer(serializers.Serializer):
    id = serializers.CharField(help_text="The credential's id.")
    spki = serializers.CharField(help_text="The public key (SubjectPublicKeyInfo, DER); `keys/` says whose it is.")
    alg = serializers.IntegerField(help_text="A number of COSE: -7 is ES256, -8 EdDSA, -257 RS256.")


class PasskeyProofSerializer(serializers.Serializer):
    """What the passkey answered (W3C Web Authentication). The challenge is the SHA-256 of `statement`; bytes are
    base64url."""

    assertion = AssertionSerializer()
    key = ProofKeySerializer()
    rp = serializers.CharField(help_text="The domain that the passkey belongs to.")
    origin = serializers.CharField(help_text="Where it signed.")


class SignOffSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=255, help_text="The name at the time of signing.")
    credentials = serializers.CharField(allow_blank=True, max_length=255)
    specialty = serializers.CharField(allow_blank=True, max_length=255)
    registration = serializers.CharField(allow_blank=True, max_length=255, help_text="The number of the license.")
    role = serializers.ChoiceField(Role.choices)
    part = serializers.ChoiceField(PARTS)
    digest = DigestField(help_text="The digest of the signed bytes.")
    scope = serializers.ChoiceField(Scope.choices, help_text="Only `whole` moves the review date.")
    meaning = serializers.CharField(help_text="What the signer declared about the text.")
    method = serializers.ChoiceField(
        Method.choices, help_text="How the signer was authenticated. A password is the weaker method."
    )
    event = serializers.IntegerField(min_value=1, help_text="Its line in the ledger: see `ledger/proof/{event}/`.")
    statement = serializers.CharField(
        allow_null=True,
        help_text="The canonical JSON (RFC 8785) that was signed, byte for byte. Null until every text that it names "
        "has been published: a person can sign several at once.",
    )
    proof = PasskeyProofSerializer(
        allow_null=True, help_text="That the signer's passkey signed `statement`. Null with it, and with a password."
    )
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
    event = serializers.IntegerField(min_value=1, help_text="The line of the ledger that published it.")
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
