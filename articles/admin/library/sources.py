"""The form of a source: looked up by whatever is pasted, or typed. The chooser's *Create* has a short one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet

from articles.admin.library.forms import MAY_NOT
from articles.admin.library.merging import offer_of
from articles.authoring.permissions import MAY_QUESTION
from articles.sources.duplicates import LABELS, find_known, find_same_work
from articles.sources.lookup.errors import Contradicts, LookupFailed, NotCertain
from articles.sources.lookup.find import find_record
from articles.sources.lookup.records import Record
from articles.sources.models import Source


class SourceForm(WagtailAdminModelForm):
    """What is looked up fills the fields that were left empty. What was typed stays, and is not verified then."""

    paste = forms.CharField(
        label="Look up",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Paste a DOI, PMID or PMCID, an address at PubMed or a publisher, or the whole reference. The "
        "details come from Crossref and PubMed. Or leave this empty, and type them below.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record: Record | None = None
        if self.instance.pk:
            self.fields.pop("paste", None)
        else:
            self.fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk and self.for_user and not self.for_user.has_perm(MAY_QUESTION):
            for name in {"status", "status_notice"} & set(self.changed_data):
                self.add_error(name, MAY_NOT)
        if self.instance.merged_into:
            self.add_error(None, f"This record was merged into “{self.instance.kept}”. Change that one.")
        if pasted := (given.get("paste") or "").strip():
            self._look_up(pasted, given)
        elif not given.get("title") and "title" not in self.errors:
            self.add_error("title", "Enter the title, or look the work up.")
        return given

    def _look_up(self, pasted: str, given: dict[str, Any]) -> None:
        try:
            self.record = find_record(pasted)
        except LookupFailed as error:
            self.add_error("paste", [error.detail, *_named(error)])
            return
        for name, value in self.record.source_fields.items():
            if not (name in self.changed_data and given.get(name)):
                given[name] = value

    def _post_clean(self) -> None:
        """The short form has no field for some of what was found."""
        found = self.record.source_fields if self.record else {}
        for name in set(found) - set(self.fields):
            setattr(self.instance, name, found[name])
        super()._post_clean()
        for name in set(LABELS) & set(self.errors):
            if other := find_same_work(self.instance, name):
                self.add_error(name, offer_of(other, self.instance, self.for_user))

    def save(self, commit: bool = True) -> Source:
        if self.record:
            self.instance.verify(self.record, at=timezone.now())
            if self.instance.status == self.record.status:
                self.instance.say(self.record)
        return super().save(commit=commit)


def _named(error: LookupFailed) -> list[str]:
    """The works that may be meant, each with what to paste for it."""
    found = error.candidates if isinstance(error, NotCertain) and not isinstance(error, Contradicts) else ()
    return [f"{record.title} ({record.doi or record.pmid})" for record in found]


class NewSourceForm(SourceForm):
    url = forms.URLField(label="Web address", required=False, max_length=1000, assume_scheme="https")

    class Meta:
        model = Source
        fields = ["title", "authors", "container_title", "issued", "doi", "pmid", "pmcid", "url", "design"]

    field_order = ["paste"]

    def _post_clean(self) -> None:
        """A work that was looked up, and that the library has, is chosen: it needs no second record."""
        known = find_known(Source(**self.record.source_fields)) if self.record else None
        if known and not self.errors and set(self.changed_data) <= {"paste"}:
            self.instance = known
        else:
            super()._post_clean()


class WithStatus:
    """Whoever cites a source sees first what kind of study it is, and whether it was retracted or superseded."""

    @property
    def columns(self) -> list[Column]:
        told = [("design", "Study design"), ("status", "Status")]
        return [
            *super().columns,  # type: ignore[misc]
            *(Column(name, label=label, accessor=f"get_{name}_display") for name, label in told),
        ]


class SourceChooseView(WithStatus, ChooseView):
    pass


class SourceChooseResultsView(WithStatus, ChooseResultsView):
    pass


class SourceChooserViewSet(SnippetChooserViewSet):
    choose_view_class = SourceChooseView
    choose_results_view_class = SourceChooseResultsView
    creation_form_class = NewSourceForm
    creation_tab_label = "Add a source"
    create_action_label = "Add"
    create_action_clicked_label = "Looking it up …"

    def get_object_list(self) -> QuerySet[Source]:
        return Source.objects.filter(merged_into=None)
