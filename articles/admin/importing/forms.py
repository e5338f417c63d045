"""The forms of this room: files or text to import, page views, one article's title and language."""

from pathlib import PurePath
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.core.files.uploadedfile import UploadedFile
from wagtail.models import Locale

from articles.admin.folders import folders_of
from articles.authoring.models import ArticleIndexPage
from articles.intake.beside import ARCHIVE, SUFFIXES
from articles.intake.formats import AUTO, FORMATS
from articles.intake.runs.starting import MB, PASTED, Upload

MOST_FILES = 100
MOST_PASTED = 500_000
MOST_VIEWS = 10 * MB
NAMES = {
    "text": "Plain text",
    "html": "Web page (HTML)",
    "markdown": "Markdown",
    "docx": "Word (.docx)",
    "wordpress": "WordPress export (.xml)",
}


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Its value is a list of files. An empty file is no error here: the run says so, and reads the others."""

    widget = ManyFilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                f"You chose {len(given)} files; {MOST_FILES} can be added at once. Add the others to the import later."
            )
        return [super(ManyFilesField, self).clean(each, initial) for each in given]


class FilesForm(forms.Form):
    file = ManyFilesField(label="Files", required=False)
    text = forms.CharField(
        label="Or paste the text of one article",
        required=False,
        strip=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ", ".join(NAMES.get(name, name) for name in FORMATS)
        field = self.fields["file"]
        field.help_text = (
            f"You can choose several files. These kinds can be read: {kinds}. A text file or a web page may have "
            "5 MB, a Word file 30 MB, and an export of a whole site 200 MB. Pictures that the texts only name can come "
            "with them, as files or in a ZIP file."
        )
        suffixes = sorted({*SUFFIXES, ARCHIVE}.union(*(each.suffixes for each in FORMATS.values())))
        field.widget.attrs["accept"] = ",".join(suffixes)

    def clean(self) -> dict[str, Any]:
        given = cast(dict[str, Any], super().clean())
        if not self.errors and not given.get("file") and not str(given.get("text", "")).strip():
            raise forms.ValidationError("Choose at least one file, or paste the text of an article.")
        return given

    def uploads(self) -> list[Upload]:
        """What was given, not read yet."""
        made = [Upload(str(file.name), file.size or 0, file.chunks()) for file in self.cleaned_data["file"]]
        if text := self.cleaned_data["text"]:
            written = text.encode("utf-8", errors="surrogatepass")
            made.append(Upload(PASTED, len(written), [written]))
        return made


class StartForm(FilesForm):
    parent = forms.ModelChoiceField(ArticleIndexPage.objects.none(), label="Folder for the drafts", empty_label=None)
    language = forms.ChoiceField(
        label="Language of the articles",
        help_text="If a file says that it is in another language of this site, its draft will be in that language.",
    )
    format = forms.ChoiceField(
        label="Kind of file", help_text="Choose a kind only if Vetted takes your files for something else."
    )
    field_order = ["file", "text", "parent", "language", "format"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folders = cast(forms.ModelChoiceField, self.fields["parent"])
        folders.queryset = folders_of(user)
        language, kind = (cast(forms.ChoiceField, self.fields[name]) for name in ("language", "format"))
        language.choices = languages()
        kind.choices = [(AUTO, "Find out by itself"), *((name, NAMES.get(name, name)) for name in FORMATS)]
        if first := folders.queryset.select_related("locale").first():
            self.initial.setdefault("parent", first.pk)
            self.initial.setdefault("language", first.locale.language_code)


def languages() -> list[tuple[str, str]]:
    """[("en", "English"), …]: those of the site."""
    return [(locale.language_code, locale.get_display_name()) for locale in Locale.objects.all()]


class ViewsForm(forms.Form):
    file = forms.FileField(
        label="Page views (CSV)",
        help_text="One line for each page: its old address, a comma, and how often it was opened.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"}),
    )

    def clean_file(self) -> UploadedFile:
        file = cast(UploadedFile, self.cleaned_data["file"])
        if (file.size or 0) > MOST_VIEWS:
            raise forms.ValidationError(f"“{PurePath(str(file.name)).name}” has more than {MOST_VIEWS // MB} MB.")
        return file


class TitleForm(forms.Form):
    title = forms.CharField(max_length=255)
    language = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages()
