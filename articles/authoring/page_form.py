"""The form in which editors write an article."""

from wagtail.admin.forms import WagtailAdminPageForm

OF_ONE_CHANGE = {"change_note": "", "is_correction": False, "is_editorial": False}


class ArticleForm(WagtailAdminPageForm):
    """What readers are told belongs to one change: while the draft is what was published, its fields start empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.live and not self.instance.has_unpublished_changes:
            self.initial |= OF_ONE_CHANGE

    def clean_title(self) -> str:
        """In one line: browsers type no other, and a title of several lines cannot be signed (document.render)."""
        return " ".join(self.cleaned_data["title"].replace("\t", " ").splitlines())
