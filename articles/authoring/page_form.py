"""The form in which editors write an article."""

from wagtail.admin.forms import WagtailAdminPageForm


class ArticleForm(WagtailAdminPageForm):
    def clean_title(self) -> str:
        """In one line: browsers type no other, and a title of several lines cannot be signed (document.render)."""
        return " ".join(self.cleaned_data["title"].replace("\t", " ").splitlines())
