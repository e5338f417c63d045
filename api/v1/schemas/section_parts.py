"""The parts of sections: causes, steps, findings, effects, cautions, offers, tables, questions."""

from rest_framework import serializers

from api.v1.schemas.fields import CitationSerializer, portable_text
from articles.record.vocabulary import (
    CautionLevel,
    Certainty,
    CertaintyBasis,
    CodeSystem,
    Frequency,
    MechanismAction,
    Purpose,
    RegulatoryStatus,
    Route,
    Severity,
    Subjects,
    TargetType,
)


class CodeSerializer(serializers.Serializer):
    system = serializers.ChoiceField(CodeSystem.choices)
    code = serializers.CharField(max_length=32, help_text="The code as written in the terminology.")
    display = serializers.CharField(allow_blank=True, max_length=255, help_text="The term for the code.")


class CauseSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True, max_length=200)
    text = serializers.CharField(allow_blank=True, max_length=2000, help_text="Plain text.")
    codes = CodeSerializer(many=True)
    citations = CitationSerializer(many=True)


class StepSerializer(serializers.Serializer):
    target = serializers.CharField(allow_blank=True, max_length=120, help_text="What it acts on, for example mTOR.")
    action = serializers.ChoiceField(MechanismAction.choices, allow_null=True)
    outcome = serializers.CharField(allow_blank=True, max_length=400)
    citations = CitationSerializer(many=True)


class FindingSerializer(serializers.Serializer):
    statement = serializers.CharField(allow_blank=True, max_length=600, help_text="One finding in one sentence.")
    subjects = serializers.ChoiceField(Subjects.choices, allow_null=True, help_text="In whom it was observed.")
    population = serializers.CharField(allow_blank=True, max_length=255)
    sample_size = serializers.IntegerField(allow_null=True, min_value=1)
    effect = serializers.CharField(allow_blank=True, max_length=600, help_text="The effect's size, in plain words.")
    comparator = serializers.CharField(allow_blank=True, max_length=255)
    absolute = serializers.CharField(
        allow_blank=True, max_length=255, help_text="For example, 12 in 100 instead of 20 in 100."
    )
    certainty = serializers.ChoiceField(Certainty.choices, allow_null=True, help_text="GRADE rating for this outcome.")
    certainty_basis = serializers.ChoiceField(CertaintyBasis.choices, allow_null=True)
    citations = CitationSerializer(many=True)


class EffectSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True, max_length=200)
    frequency = serializers.ChoiceField(Frequency.choices, allow_null=True, help_text="As in the SmPC guideline.")
    severity = serializers.ChoiceField(Severity.choices, allow_null=True)
    route = serializers.ChoiceField(Route.choices, allow_null=True)
    citations = CitationSerializer(many=True)


class CautionSerializer(serializers.Serializer):
    group = serializers.CharField(allow_blank=True, max_length=200, help_text="Who should be careful.")
    level = serializers.ChoiceField(CautionLevel.choices, allow_null=True)
    advice = serializers.CharField(allow_blank=True, max_length=600)
    citations = CitationSerializer(many=True)


class InteractionSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True, max_length=200, help_text="What it interacts with.")
    advice = serializers.CharField(allow_blank=True, max_length=600)
    citations = CitationSerializer(many=True)


class QuestionSerializer(serializers.Serializer):
    question = serializers.CharField(allow_blank=True, max_length=300)
    answer = serializers.CharField(allow_blank=True, help_text="The answer, as HTML or Markdown.")


class PortableQuestionSerializer(serializers.Serializer):
    question = serializers.CharField(allow_blank=True, max_length=300)
    answer = portable_text("The answer.")


class TableSerializer(serializers.Serializer):
    caption = serializers.CharField(allow_blank=True)
    header_row = serializers.BooleanField(help_text="Whether the first row holds headers.")
    header_column = serializers.BooleanField(help_text="Whether the first column holds headers.")
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))


class TargetSerializer(serializers.Serializer):
    type = serializers.ChoiceField(TargetType.choices)
    value = serializers.CharField(allow_blank=True, max_length=1000, help_text="A URL, address, number or screen.")


class SignedOfferSerializer(serializers.Serializer):
    """What both forms of an offer have."""

    id = serializers.UUIDField()
    purpose = serializers.ChoiceField(Purpose.choices)
    label = serializers.CharField(  # type: ignore[assignment] # a field of this name
        allow_blank=True, max_length=80, help_text="The label of the button."
    )
    text = serializers.CharField(allow_blank=True, max_length=600, help_text="Plain text.")
    disclosure = serializers.CharField(allow_blank=True, max_length=600, help_text="Who earns from the offer. Show it.")
    is_prescription = serializers.BooleanField(help_text="Whether it offers something that needs a prescription.")
    target = TargetSerializer()


class OfferSerializer(SignedOfferSerializer):
    markets = serializers.ListField(
        child=serializers.CharField(max_length=2),
        help_text="Two letters each (ISO 3166). Show the offer only to readers there; if empty, to all.",
    )


class ScopeSerializer(serializers.Serializer):
    """What the offer may be shown beside; an empty list means all."""

    codes = CodeSerializer(many=True)
    statuses = serializers.ListField(child=serializers.ChoiceField(RegulatoryStatus.choices))
    markets = serializers.ListField(
        child=serializers.CharField(max_length=2), help_text="Show the offer only to readers there; if empty, to all."
    )


class PortableOfferSerializer(SignedOfferSerializer):
    scope = ScopeSerializer()
