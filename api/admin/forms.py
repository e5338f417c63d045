"""The form that creates an API key."""

from datetime import datetime

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from api.models import ApiKey


class KeyForm(forms.ModelForm):
    """Nothing about a key can be edited later: revoke it and create another."""

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "expires_at", "note"]
        widgets = {
            "scopes": forms.RadioSelect,
            "expires_at": AdminDateTimeInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"scopes": "What the key is for"}

    def clean_name(self) -> str:
        """So that sending the form twice makes one key, and reports name one system."""
        name = str(self.cleaned_data["name"])
        if ApiKey.objects.filter(name=name, revoked_at=None).exists():
            raise forms.ValidationError(
                "Another key has this name. Choose another name, or revoke that key first.", code="unique"
            )
        return name

    def clean_expires_at(self) -> datetime | None:
        given: datetime | None = self.cleaned_data["expires_at"]
        if given and given <= timezone.now():
            raise forms.ValidationError("Choose a moment in the future, or leave this empty.")
        return given
