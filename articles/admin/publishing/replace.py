"""The page that replaces the same words, source or offer in many articles, with a preview of each place."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.permissions import page_permission_policy
from wagtail.snippets.widgets import AdminSnippetChooser

from articles.admin.publishing.bulk import Group, ManyView, Row
from articles.admin.publishing.forms import MomentForm
from articles.admin.publishing.schedule import zone_of
from articles.authoring.components import Offer
from articles.authoring.permissions import MAY_SCHEDULE
from articles.publishing.scheduling.instants import instant_in
from articles.publishing.upkeep import replacing
from articles.publishing.upkeep.places import OFFER, SOURCE, WORDS, CannotReplace, Replacement
from articles.publishing.upkeep.replacing import Found
from articles.record.compare.differences import mark_words
from articles.sources.models import Source


class ReplaceSearchForm(forms.Form):
    """What is replaced by what: words by words, a source by a source, or an offer by an offer."""

    before = forms.CharField(
        label="Words to replace",
        required=False,
        strip=False,
        max_length=500,
        help_text="Whole words, exactly as they stand in the articles. Upper and lower case matter.",
    )
    after = forms.CharField(label="Words to put in their place", required=False, strip=False, max_length=500)
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label="Or a source to replace",
        required=False,
        widget=AdminSnippetChooser(model=Source),
        help_text="Support, place and quote of each citation stay; check them in the preview of each article.",
    )
    by_source = forms.ModelChoiceField(
        Source.objects.all(), label="The source in its place", required=False, widget=AdminSnippetChooser(model=Source)
    )
    offer = forms.ModelChoiceField(Offer.objects.all(), label="Or an offer to replace", required=False)
    by_offer = forms.ModelChoiceField(Offer.objects.all(), label="The offer in its place", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        words = given.get("before") or ""
        pairs = [(given.get(name), given.get(f"by_{name}")) for name in (SOURCE, OFFER)]
        chosen = [pair for pair in pairs if any(pair)]
        if len(chosen) + bool(words) > 1:
            raise forms.ValidationError("Replace one thing at a time: words, a source or an offer.")
        if any(not all(pair) or pair[0] == pair[1] for pair in chosen):
            raise forms.ValidationError("Choose both: the one to replace, and another one in its place.")
        if words and words == given.get("after"):
            raise forms.ValidationError("These are the same words. Enter what is to stand in their place.")
        if not chosen and not words.strip():
            raise forms.ValidationError("Enter the words to replace, or choose two sources or two offers.")
        return given

    @property
    def criteria(self) -> Replacement | None:
        if not (self.is_bound and self.is_valid()):
            return None
        given = self.cleaned_data
        for kind in (SOURCE, OFFER):
            if given[kind]:
                return Replacement(kind, str(given[kind].pk), str(given[f"by_{kind}"].pk))
        return Replacement(WORDS, given["before"], given["after"])


class ReplaceForm(MomentForm):
    """What readers are told, and when the set is published; without a date, as soon as it is signed."""

    note = forms.CharField(
        label="Change note",
        required=False,
        max_length=500,
        help_text="What readers are told about the change. Leave it empty if only the wording changes.",
    )
    field_order = ["note"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("day", "at", "zone"):
            self.fields[name].required = False
        self.fields["day"].help_text = "Only if all of them are to be published together, at one time."
        if not user.has_perm(MAY_SCHEDULE):
            del self.fields["day"], self.fields["at"], self.fields["zone"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("day")) != bool(given.get("at")):
            self.add_error("at" if given.get("day") else "day", "Enter both a date and a time, or neither.")
        return given

    @property
    def moment(self) -> tuple[datetime, str] | None:
        given = self.cleaned_data
        if not given.get("day"):
            return None
        return instant_in(given["zone"], given["day"], given["at"]), given["zone"]


class ReplaceManyView(ManyView):
    page_title = "Replace in many articles"
    menu_label = "Replace in articles"
    header_icon = "rotate"
    button = "Replace and submit for review"
    search_button = "Find the places"
    nothing = "No article that you may edit has this."
    ask = "Enter the words to replace, or choose two sources or two offers."
    explains = (
        "Every place is listed before anything changes, and you can untick what is to stay. Published articles without "
        "unpublished changes go straight to review, and a clinician can sign them all at once. Unfinished drafts are "
        "changed too, and stay drafts."
    )

    @classmethod
    def is_for(cls, user: User) -> bool:
        return bool(page_permission_policy.user_has_any_permission(user, {"add", "change"}))

    @cached_property
    def search(self) -> ReplaceSearchForm:  # type: ignore[override]
        return ReplaceSearchForm(self.request.GET or None, auto_id="search-%s")

    @cached_property
    def places(self) -> list[Found]:
        return replacing.find(self.search.criteria, by=self.user) if self.search.criteria else []

    def groups(self) -> list[Group]:
        able = [found for found in self.places if not found.problem]
        groups = [self._group(found) for found in able[: replacing.MOST]]
        barred = [Row(found.page.pk, found.page.draft_title, found.problem) for found in self.places if found.problem]
        by_hand = [
            Row(found.page.pk, f"{found.page.draft_title}: {place.before}", place.problem)
            for found in able
            for place in found.places
            if place.problem
        ]
        return [*groups, Group("", "Not replaced here", [*barred, *by_hand])]

    def _group(self, found: Found) -> Group:
        rows = [
            Row(
                value := f"{found.page.pk}.{found.revision}.{number}",
                f"“{place.before}” becomes “{place.after}”",
                place.where,
                is_ticked=self.is_ticked("place", value),
                runs=mark_words(place.before, place.after),
            )
            for number, place in enumerate(found.places)
            if not place.problem
        ]
        state = "" if found.is_published else " (draft)"
        url = reverse("wagtailadmin_pages:edit", args=[found.page.pk])
        return Group("place", f"{found.page.draft_title}{state}", rows, url=url)

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        return ReplaceForm(posted, user=self.user, initial={"zone": zone_of(self.request)})

    def act(self, form: forms.Form) -> str:
        assert isinstance(form, ReplaceForm)
        if self.search.criteria is None:
            raise CannotReplace("Search for the places first.")
        chosen = _chosen(self.request.POST.getlist("place"))
        note = form.cleaned_data["note"].strip()
        done = replacing.replace(self.search.criteria, chosen, note=note, by=self.user, at=form.moment)
        for title, why in done.left_out:
            messages.warning(self.request, f"Not replaced: {title}. {why}")
        said = [
            f"Changed and submitted for review: {', '.join(done.submitted)}." if done.submitted else "",
            f"Changed, and still a draft: {', '.join(done.drafts)}." if done.drafts else "",
        ]
        return " ".join(filter(None, said)) or "Nothing was replaced."


def _chosen(values: list[str]) -> dict[int, tuple[int, set[int]]]:
    """{page: (revision, numbers)} of “page.revision.number”. Other values did not come from our form."""
    chosen: dict[int, tuple[int, set[int]]] = {}
    for value in values[:10_000]:
        parts = value.split(".")
        if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            page, revision, number = map(int, parts)
            chosen.setdefault(page, (revision, set()))[1].add(number)
    return chosen
