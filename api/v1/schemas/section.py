"""Sections: a named schema for each kind, told apart by `kind`."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from api.v1.schemas import section_parts as parts
from api.v1.schemas.fields import constant, portable_text
from api.v1.schemas.image import FigureSerializer
from articles.record.vocabulary import Aspect, HelpLevel, Importance, Purpose

HEADING_LENGTH = 200


class SectionSerializer(serializers.Serializer):
    """The fields of every section. A client that does not know a kind shows its `html`."""

    id = serializers.CharField(help_text="The same in all editions.")
    importance = serializers.ChoiceField(Importance.choices, help_text="A `must-show` section must be shown.")
    heading = serializers.CharField(allow_blank=True, max_length=HEADING_LENGTH)
    text = serializers.CharField(allow_blank=True, help_text="The section's rich text, as HTML or Markdown.")
    html = serializers.CharField(help_text="The section's complete rendering.")


class IntroductionSectionSerializer(SectionSerializer):
    """What the article is about."""

    kind = constant("introduction")


class ConclusionSectionSerializer(SectionSerializer):
    """What to take away."""

    kind = constant("conclusion")


class ProseSectionSerializer(SectionSerializer):
    """Text on one aspect."""

    kind = constant("prose")
    aspect = serializers.ChoiceField(Aspect.choices)


class CausesSectionSerializer(SectionSerializer):
    """Possible causes, the most common first."""

    kind = constant("causes")
    items = parts.CauseSerializer(many=True)


class MechanismSectionSerializer(SectionSerializer):
    """How it works in the body, step by step."""

    kind = constant("mechanism")
    steps = parts.StepSerializer(many=True)
    figure = FigureSerializer(allow_null=True)


class EvidenceSectionSerializer(SectionSerializer):
    """What studies found, in whom, and how certain it is."""

    kind = constant("evidence")
    findings = parts.FindingSerializer(many=True)


class RisksSectionSerializer(SectionSerializer):
    """Who may be harmed, how often and how badly. Must be shown."""

    kind = constant("risks")
    effects = parts.EffectSerializer(many=True)
    cautions = parts.CautionSerializer(many=True)
    interactions = parts.InteractionSerializer(many=True)


class SeekHelpSectionSerializer(SectionSerializer):
    """Signs that mean you should seek help, how urgently, and what to do. Must be shown."""

    kind = constant("seek-help")
    level = serializers.ChoiceField(HelpLevel.choices)
    signs = serializers.ListField(child=serializers.CharField(max_length=300))
    action = serializers.CharField(allow_blank=True, max_length=600)


class FaqSectionSerializer(SectionSerializer):
    """Questions that readers ask, with answers."""

    kind = constant("faq")
    items = parts.QuestionSerializer(many=True)


class FigureSectionSerializer(SectionSerializer):
    """A section that shows a picture."""

    kind = constant("figure")
    figure = FigureSerializer(allow_null=True)


class TableSectionSerializer(SectionSerializer):
    """A table with its headers."""

    kind = constant("table")
    table = parts.TableSerializer()


class CtaSectionSerializer(SectionSerializer):
    """A slot for an offer."""

    kind = constant("cta")
    purposes = serializers.ListField(child=serializers.ChoiceField(Purpose.choices))
    offer = parts.OfferSerializer(allow_null=True, help_text="If null, show only the section's text, if any.")


class SourcesSectionSerializer(SectionSerializer):
    """The reference list: show `content.references` here."""

    kind = constant("sources")
    references = serializers.ListField(
        child=serializers.IntegerField(min_value=1), help_text="Numbers in `content.references`, in order."
    )


class OtherSectionSerializer(SectionSerializer):
    """A kind of section that a later version may add: show its `html`."""

    kind = serializers.CharField(help_text="Any other kind.")


KINDS: dict[str, Any] = {
    "introduction": IntroductionSectionSerializer,
    "prose": ProseSectionSerializer,
    "causes": CausesSectionSerializer,
    "mechanism": MechanismSectionSerializer,
    "evidence": EvidenceSectionSerializer,
    "risks": RisksSectionSerializer,
    "seek-help": SeekHelpSectionSerializer,
    "faq": FaqSectionSerializer,
    "figure": FigureSectionSerializer,
    "table": TableSectionSerializer,
    "conclusion": ConclusionSectionSerializer,
    "cta": CtaSectionSerializer,
    "sources": SourcesSectionSerializer,
}


def _portable(serializer: type) -> type:
    """The same kind of section with rich text as Portable Text."""
    changed: dict[str, Any] = {"text": portable_text("The section's rich text."), "__doc__": serializer.__doc__}
    if serializer is FaqSectionSerializer:
        changed["items"] = parts.PortableQuestionSerializer(many=True)
    if serializer is CtaSectionSerializer:
        changed["offer"] = parts.PortableOfferSerializer(
            allow_null=True, help_text="If null, show only the section's text, if any."
        )
    return type(f"Portable{serializer.__name__}", (serializer,), changed)


OTHER = "other"  # the open member comes last: unions are tried in order
SECTION = PolymorphicProxySerializer(
    component_name="Section",
    serializers=KINDS | {OTHER: OtherSectionSerializer},
    resource_type_field_name="kind",
)
PORTABLE_SECTION = PolymorphicProxySerializer(
    component_name="PortableSection",
    serializers={kind: _portable(serializer) for kind, serializer in (KINDS | {OTHER: OtherSectionSerializer}).items()},
    resource_type_field_name="kind",
)


@extend_schema_field(SECTION)
class SectionField(serializers.Field):
    """A section of any kind."""


@extend_schema_field(PORTABLE_SECTION)
class PortableSectionField(serializers.Field):
    """A section of any kind, with rich text as Portable Text."""
