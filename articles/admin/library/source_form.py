"""A source's form: who may not say that it was retracted hears so beside the field. The rule is in publishing."""

from wagtail.admin.forms import WagtailAdminModelForm

from articles.authoring.permissions import MAY_QUESTION

MAY_NOT = (
    "Only editors and medical leads can change this, because every article that cites the source shows it immediately."
)


class SourceForm(WagtailAdminModelForm):
    def clean_status(self) -> str:
        status = str(self.cleaned_data["status"])
        is_changed = self.instance.pk and "status" in self.changed_data
        if is_changed and self.for_user and not self.for_user.has_perm(MAY_QUESTION):
            self.add_error("status", MAY_NOT)
        return status
