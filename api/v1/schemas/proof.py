"""Key cards; signed states; the log of the ledger, its heads and proofs. Hashes are 64 hex digits without a prefix."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.record.vocabulary import ReviewStatus, RevokeReason

STATUSES = [*ReviewStatus.choices, ("withdrawn", "Withdrawn"), ("erased", "Erased")]
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


@extend_schema_field(HASH)
class HashField(serializers.CharField):
    """SHA-256, in hex."""


class TreeSerializer(serializers.Serializer):
    size = serializers.IntegerField(min_value=0, help_text="How many events the tree holds: the number of the last.")
    root = HashField(help_text="The root of the tree over them (RFC 9162, SHA-256).")  # type: ignore[assignment]


class SignedHeadSerializer(TreeSerializer):
    log = serializers.URLField(help_text="Whose log it is: the address of this API.")
    at = serializers.DateTimeField(allow_null=True, help_text="When it was computed; null for an empty log.")
    signed = serializers.CharField(
        allow_null=True,
        help_text="A compact JWS by the delivery key; its payload is the canonical form (RFC 8785) of the object of "
        "`log`, `size`, `root` and `at`. Null without a key.",
    )


class StampedSerializer(SignedHeadSerializer):
    stamp = serializers.CharField(
        help_text="The answer of a time-stamp authority (RFC 3161, DER, base64) about the bytes that are the "
        "payload of `signed`."
    )


class HeadSerializer(SignedHeadSerializer):
    stamped = StampedSerializer(
        required=False, allow_null=True, help_text="The last head with the time of an authority; null without one."
    )


class EntrySerializer(serializers.Serializer):
    """The leaf's content: its canonical form (RFC 8785) after a byte 0x00 is what `leaf` is the SHA-256 of. Later
    versions may tell more of new events, so hash what you got."""

    number = serializers.IntegerField(min_value=1)
    hash = HashField(required=False, help_text="Of the whole line, with a random salt; not in lines of old versions.")
    kind = serializers.CharField(required=False, help_text="Only of acts that readers saw: `published`, `withdrawn` …")
    subject_kind = serializers.CharField(required=False, help_text="`article`, `offer`, `disclaimer` …")
    subject = serializers.UUIDField(required=False, help_text="The id of what it is about.")
    at = serializers.DateTimeField(required=False)
    edition = serializers.IntegerField(required=False, min_value=1)
    digests = serializers.DictField(
        required=False, child=serializers.CharField(), help_text="Those of the edition, by part."
    )
    key = serializers.CharField(required=False, help_text="Of cards and revocations: the key's id.")
    card = serializers.CharField(required=False, help_text="The card itself.")
    since = serializers.CharField(required=False, help_text="From when on the key is revoked.")
    reason = serializers.CharField(required=False, help_text="Why.")
    spki = serializers.CharField(required=False, help_text="The organisation's new key.")
    before = serializers.CharField(required=False, allow_blank=True, help_text="The organisation's key until then.")


class ProofSerializer(TreeSerializer):
    event = serializers.IntegerField(min_value=1)
    index = serializers.IntegerField(min_value=0, help_text="Where the leaf is: the event's number less one.")
    entry = EntrySerializer()
    leaf = HashField(help_text="The leaf's hash.")
    path = serializers.ListField(child=HashField(), help_text="The siblings from the leaf up to the root.")


class ConsistencySerializer(serializers.Serializer):
    def get_fields(self):
        """`from` is a word of Python's."""
        return super().get_fields() | {
            "from": TreeSerializer(help_text="The earlier head."),
            "to": TreeSerializer(help_text="The later head."),
        }

    path = serializers.ListField(child=HashField(), help_text="The proof of RFC 9162, section 2.1.4.1.")


class StateSerializer(serializers.Serializer):
    state = serializers.CharField(
        allow_null=True,
        help_text="A compact JWS by the delivery key, `typ` `vetted-state+jwt`. Null without a key, and for about a "
        "second after a change.",
    )
    valid_until = serializers.DateTimeField(allow_null=True, help_text="When `state` ends. Ask again before then.")
    status = serializers.ChoiceField(
        STATUSES, help_text="What `state` says; without it, what we say without a signature."
    )
    edition = serializers.IntegerField(
        min_value=1, allow_null=True, help_text="The edition that readers get; null if they get none."
    )


class RevocationSerializer(serializers.Serializer):
    since = serializers.DateTimeField(help_text="What the key signed from then on does not count.")
    reason = serializers.ChoiceField(RevokeReason.choices)
    event = serializers.IntegerField(min_value=1, help_text="The event that says so.")


class CardSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="The key's id: base64url of the SHA-256 of `spki`, decoded.")
    holder = serializers.ChoiceField([("person", "A person"), ("delivery", "Delivery")])
    event = serializers.IntegerField(min_value=1, help_text="The event that issued the card.")
    issued_at = serializers.DateTimeField()
    card = serializers.CharField(
        help_text="A compact JWS by the organisation's key (Ed25519), in the shape of a W3C credential: "
        "`credentialSubject` says whose key it is, with name, credentials, registration and roles; `validFrom`, "
        "`validUntil`."
    )
    revoked = RevocationSerializer(required=False, allow_null=True)


class KeysSerializer(serializers.Serializer):
    results = CardSerializer(many=True, help_text="In the order in which they were issued; earlier cards stay.")
    next = serializers.URLField(allow_null=True, help_text="What was issued later; null if there is no more.")
