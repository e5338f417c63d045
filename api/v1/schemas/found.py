"""A page of the list of articles: cards, with what a search adds to them."""

from rest_framework import serializers

from api.v1.schemas.card import CardSerializer
from articles.record.vocabulary import CodeSystem

FRAGMENT = "HTML: the words that were found in `<mark>`, all others escaped. It stands in the article as it is."


def _fragments(of: str, **options) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(help_text=FRAGMENT), help_text=of, **options)


class HighlightsSerializer(serializers.Serializer):
    """Where the words of a search stand; an empty list where none does."""

    title = _fragments("The title, and the synonyms, which count as the title.")
    summary = _fragments("The summary.")
    text = _fragments("Up to three parts of the sections.", max_length=3)


class MatchedSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=64, help_text="The article's code, for example L65.9.")
    system = serializers.ChoiceField(CodeSystem.choices)
    where = serializers.ChoiceField(
        [("article", "Article"), ("substance", "Substance"), ("cause", "Cause")],
        help_text="What has the code: the article, one of its substances, or one of its causes.",
    )
    how = serializers.ChoiceField(
        [("exact", "Exact"), ("narrower", "Narrower")],
        help_text="Whether it is the code that was asked for, or belongs to that category.",
    )


class FoundSerializer(CardSerializer):
    """An article in a list."""

    highlights = HighlightsSerializer(required=False, help_text="With `q`: why the article was found.")
    matched = MatchedSerializer(
        many=True, required=False, help_text="With `code`: the codes by which it was found, the nearest first."
    )


class CountSerializer(serializers.Serializer):
    value = serializers.CharField(max_length=255, help_text="For the filter of this name.")
    count = serializers.IntegerField(min_value=1)


def _counts() -> CountSerializer:
    return CountSerializer(many=True, required=False)


class FacetsSerializer(serializers.Serializer):
    """The facets that were asked for, the most frequent values first."""

    topic = _counts()
    code = _counts()
    audience = _counts()
    article_type = _counts()
    kind = _counts()
    aspect = _counts()
    certainty = _counts()
    capped = serializers.BooleanField(help_text="Whether a search found more than are counted: the newest 1,000.")


class ArticlePageSerializer(serializers.Serializer):
    results = FoundSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The page after this one.")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one.")
    facets = FacetsSerializer(required=False, help_text="With `facets`.")
