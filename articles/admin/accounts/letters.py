"""In one's own account: what I do not want in my daily summary."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser as User
from wagtail.admin.views.account import BaseSettingsPanel

from articles.record.vocabulary import LetterTopic
from articles.review.models import LetterChoice


class LettersForm(forms.Form):
    """Nothing is ticked at first, so that a form without these fields turns no letters off."""

    unwanted = forms.MultipleChoiceField(
        label="Leave out of my daily summary",
        required=False,
        choices=LetterTopic.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="You get one summary a day at most, with everything that is new for you; without news you get none. "
        "If you leave out requests for your signature, other reviewers are asked first; your review queue lists them "
        "all the same. Letters that cannot wait are always sent at once: emergencies, safety notices, withdrawals for "
        "safety, signatures that no longer count, refused publications, texts that nobody can sign, and changes of "
        "your login.",
    )

    def __init__(self, *args: Any, instance: User, **kwargs: Any) -> None:
        self.user = instance
        super().__init__(*args, **kwargs)
        self.initial["unwanted"] = LetterChoice.unwanted_by(instance)

    def save(self) -> None:
        if "unwanted" in self.changed_data:
            chosen = {"unwanted": self.cleaned_data["unwanted"]}
            LetterChoice.objects.update_or_create(user_id=self.user.pk, defaults=chosen)


class LettersPanel(BaseSettingsPanel):
    name = "letters"
    title = "Letters"
    order = 160
    form_class = LettersForm
