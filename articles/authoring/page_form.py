"""The form in which editors write an article."""

from wagtail.admin.forms import WagtailAdminPageForm

LIMITS = {"title": 100, "summary": 300, "seo_title": 65, "search_description": 160}  # of characters, as checks ask
OF_ONE_CHANGE = {"change_note": "", "is_correction": False, "is_editorial": False}


class ArticleForm(WagtailAdminPageForm):
    """What readers are told belongs to one change: while the draft is what was published, its fields start empty.
    A new article begins in its title."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        if self.instance.live and not self.instance.has_unpublished_changes:
            self.initial |= OF_ONE_CHANGE
        for name, limit in LIMITS.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-limit"] = limit

    def clean_title(self) -> str:
        """In one line: browsers type no other, and a title of several lines cannot be signed (document.render)."""
        return " ".join(self.cleaned_data["title"].replace("\t", " ").splitlines())
