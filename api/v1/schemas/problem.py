"""Problems as the documentation describes them. Source: RFC 9457."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from api.protocol.problems import KNOWN
from api.v1.schemas.fields import constant
from articles.record.vocabulary import WithdrawReason

PROBLEM_TYPES = [f"/problems/{code}" for code in KNOWN]
REASONS = [*WithdrawReason.choices, ("review-overdue", "Review overdue")]


class ProblemErrorSerializer(serializers.Serializer):
    parameter = serializers.CharField(allow_blank=True, help_text="The parameter; empty for the query as a whole.")
    code = serializers.CharField(help_text="The error, as a code for programs.")
    detail = serializers.CharField(help_text="The error, as a sentence.")


class ProblemSerializer(serializers.Serializer):
    type = serializers.ChoiceField(PROBLEM_TYPES, help_text="Branch on this. New types may be added.")
    title = serializers.CharField(help_text="The same for all problems of this type.")
    status = serializers.IntegerField(min_value=400, max_value=599, help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What was wrong, and what to do.")
    instance = serializers.CharField(help_text="The requested path.")
    request_id = serializers.CharField(help_text="Quote it when you ask for help; it is also in X-Request-Id.")
    errors = ProblemErrorSerializer(  # type: ignore[assignment] # a field of this name, not DRF's property
        many=True, help_text="One error for each invalid parameter; otherwise empty."
    )


class NotFoundProblemSerializer(ProblemSerializer):
    locales = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The languages in which there is an article at this slug, or the language of the article of this id.",
    )
    kinds = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The article exists, without a section of this kind: the kinds that it has.",
    )


class ReplacementSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The article to show instead.")
    title = serializers.CharField(allow_null=True, max_length=255, help_text="Null while readers do not get it.")
    url = serializers.URLField(allow_null=True, help_text="Its address in the API; null while readers do not get it.")
    web_url = serializers.URLField(allow_null=True, help_text="Its page for readers; null while they do not get it.")


class WithdrawnProblemSerializer(ProblemSerializer):
    type = constant("/problems/withdrawn")  # type: ignore[assignment] # one value of the base's list
    id = serializers.UUIDField(help_text="The article or the component: remove your copy of it.")
    locale = serializers.CharField(allow_null=True, max_length=16, help_text="The article's; null for a component.")
    reason = serializers.ChoiceField(REASONS, help_text="Why it was withdrawn or is withheld.")
    explanation = serializers.CharField(allow_blank=True, help_text="The explanation for readers. Show it.")
    replacement = ReplacementSerializer(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    temporary = serializers.BooleanField(help_text="Whether it may return without a new text.")
    lang = serializers.CharField(max_length=16, help_text="The language of `explanation`.")


class ErasedProblemSerializer(ProblemSerializer):
    type = constant("/problems/erased")  # type: ignore[assignment] # one value of the base's list
    digest = serializers.CharField(help_text="The digest of the erased bytes.")


GONE = PolymorphicProxySerializer(
    component_name="GoneProblem",
    serializers={
        "/problems/withdrawn": WithdrawnProblemSerializer,
        "/problems/erased": ErasedProblemSerializer,
        "other": ProblemSerializer,
    },
    resource_type_field_name="type",
)
