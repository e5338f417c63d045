"""The records that articles draw on, in Wagtail's menu *Medical library*: lists, filters and forms, no rules."""

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from articles.admin import publication_status
from articles.admin.library.forms import GovernedForm, PersonForm, PolicyForm
from articles.admin.library.looking_up import LookUpPanel, verified
from articles.admin.library.merging import RecordsPanel
from articles.admin.library.panels import ConfirmationPanel, ReachPanel, StatusPanel
from articles.admin.library.sources import SourceChooserViewSet, SourceForm
from articles.admin.library.views import RecordedDeleteView
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.sources.models import Source


class ReadersGetColumn(Column):
    """The published version of a component."""

    def get_value(self, instance):
        return publication_status.of_component(instance.component_id).status


def signing_roles(person: Person) -> str:
    """“Medical reviewer, legal reviewer”, or “–” for people who only write."""
    roles = ", ".join(str(role.label).lower() for role in Role if person.has_role(role))
    return f"{roles[:1].upper()}{roles[1:]}" or "–"


SIGNS_AS = Column("signs_as", label="Signs as", accessor=signing_roles)
CONFIRMED = DateColumn("confirmed", label="Confirmed", accessor="confirmed_at", sort_key="confirmed_at")
IS_DEFAULT = BooleanColumn("is_default", label="Default of its kind", sort_key="is_default")


class SourceFilterSet(WagtailFilterSet):
    is_verified = django_filters.ChoiceFilter(
        label="Details", choices=[("yes", "Verified"), ("no", "Not verified")], method="by_details"
    )

    class Meta:
        model = Source
        fields = ["design", "status", "csl_type"]

    def by_details(self, queryset: QuerySet[Source], name: str, value: str) -> QuerySet[Source]:
        return queryset.filter(verified_at__isnull=value == "no")


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "openquote"
    list_display = ["__str__", "design", "status", Column("verified", label="Details", accessor=verified)]
    chooser_viewset_class = SourceChooserViewSet
    filterset_class = SourceFilterSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return Source.objects.filter(merged_into=None)

    edit_handler = ObjectList(
        [
            LookUpPanel(),
            FieldPanel("paste"),
            FieldPanel("title"),
            FieldPanel("authors"),
            FieldRowPanel([FieldPanel("csl_type"), FieldPanel("design")]),
            MultiFieldPanel(
                [
                    FieldPanel("container_title"),
                    FieldPanel("publisher"),
                    FieldRowPanel(
                        [FieldPanel("issued"), FieldPanel("volume"), FieldPanel("issue"), FieldPanel("pages")]
                    ),
                ],
                "Publication",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("doi"), FieldPanel("pmid"), FieldPanel("pmcid")]),
                    FieldRowPanel([FieldPanel("url"), FieldPanel("accessed_on")]),
                ],
                "Identifiers",
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("status"), FieldPanel("status_notice")]), StatusPanel()],
                "What became of it since",
            ),
            RecordsPanel(),
        ],
        base_form_class=SourceForm,
    )


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    list_display = ["name", "slug"]
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("slug")], base_form_class=GovernedForm)


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    delete_view_class = RecordedDeleteView
    list_display = ["name", "credentials", "specialty", SIGNS_AS, CONFIRMED, "valid_until", "away_until"]
    list_filter = ["medical", "legal", "commercial"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("credentials"), FieldPanel("specialty")]),
            FieldPanel("interests"),
            MultiFieldPanel(
                [
                    FieldPanel("user"),
                    FieldRowPanel([FieldPanel("medical"), FieldPanel("legal"), FieldPanel("commercial")]),
                    FieldPanel("languages"),
                    FieldRowPanel([FieldPanel("registration_body"), FieldPanel("registration_number")]),
                    FieldRowPanel([FieldPanel("verified_by"), FieldPanel("verified_on")]),
                    FieldRowPanel([FieldPanel("valid_until"), FieldPanel("away_until")]),
                    FieldPanel("password_until"),
                    ConfirmationPanel(),
                ],
                "Signing",
            ),
        ],
        base_form_class=PersonForm,
    )


class OfferViewSet(SnippetViewSet):
    model = Offer
    icon = "pick"
    list_display = ["name", "purpose", "label", ReadersGetColumn("readers_get", label="Published version")]
    list_filter = ["purpose", "is_prescription"]
    panels = [
        FieldPanel("name"),
        FieldPanel("purpose"),
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("target_type"), FieldPanel("target")]),
        FieldPanel("text"),
        FieldPanel("disclosure"),
        FieldPanel("is_prescription"),
        MultiFieldPanel(
            [FieldPanel("scope_codes"), FieldPanel("scope_statuses"), FieldPanel("scope_markets")],
            "Where the offer may appear",
        ),
        FieldPanel("policy"),
    ]


class DisclaimerViewSet(SnippetViewSet):
    model = Disclaimer
    icon = "warning"
    list_display = ["name", ReadersGetColumn("readers_get", label="Published version")]
    panels = [FieldPanel("name"), FieldPanel("text"), FieldPanel("policy")]


class PolicyViewSet(SnippetViewSet):
    model = Policy
    icon = "clipboard-list"
    delete_view_class = RecordedDeleteView
    list_display = ["name", "kind", IS_DEFAULT, "editor", "medical"]
    list_filter = ["kind", "is_default"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            ReachPanel(),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("is_default")]),
                    FieldPanel("article_types"),
                    FieldPanel("topics", widget=CheckboxSelectMultiple),
                ],
                "Where it applies",
                help_text="A default policy applies to every text of its kind. Others apply by article type or topic, "
                "or where an editor chooses them. "
                "If several apply, the strictest one counts.",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel(name) for name in ("editor", "medical", "legal", "commercial")]),
                    FieldPanel("specialty"),
                    FieldPanel("needs_passkey"),
                    FieldPanel("is_one_enough"),
                    FieldPanel("escalate_days"),
                ],
                "Who must sign",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("interval_months"), FieldPanel("risk_interval_months")]),
                    FieldRowPanel([FieldPanel("grace_days"), FieldPanel("after_grace")]),
                ],
                "How long a review lasts",
            ),
        ],
        base_form_class=PolicyForm,
    )


class Library(SnippetViewSetGroup):
    items = (SourceViewSet, OfferViewSet, DisclaimerViewSet, TopicViewSet, PersonViewSet, PolicyViewSet)
    menu_label = "Medical library"
    menu_icon = "folder-open-1"
    menu_order = 150
