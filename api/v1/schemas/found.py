"""A page of the list of articles: cards, with what a search adds to them."""

from rest_framework import serializers

from api.v1.schemas.card import CardSerializer
from articles.record.vocabulary import CodeSystem

FRAGMENT = (
    "HTML: matches are wrapped in `<mark>`, everything else is escaped. The text is verbatim from the article; `…` at "
    "its beginning or end means that the paragraph goes on."
)


def _fragments(of: str, **options) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(help_text=FRAGMENT), help_text=of, **options)


class HighlightsSerializer(serializers.Serializer):
    """Where the search words occur; an empty list where there are none."""

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
        [("exact", "Exact"), ("narrower", "Narrower"), ("broader", "Broader")],
        help_text="It is the code that was asked for, a code below it, or a category above it.",
    )


def matched_codes() -> MatchedSerializer:
    help = "With `code`: the codes that matched, closest first."
    return MatchedSerializer(many=True, required=False, help_text=help)


class FoundSerializer(CardSerializer):
    """An article in a list."""

    highlights = HighlightsSerializer(required=False, help_text="With `q`: why the article was found.")
    matched_words = serializers.ChoiceField(
        [("all", "All"), ("any", "Any")],
        required=False,
        help_text="With `q`: whether the article has all search words. If it says `any`, no article has all of them.",
    )
    matched = matched_codes()


class CountSerializer(serializers.Serializer):
    value = serializers.CharField(max_length=255, help_text="The value to use in the filter of the same name.")
    label = serializers.CharField(  # type: ignore[assignment]  # of Field
        max_length=255,
        allow_null=True,
        help_text="What to show for it: a topic's name, an article's words for a code, or the words for a value of a "
        "closed list, in the first `locale`, else in the site's language. null if there are none.",
    )
    count = serializers.IntegerField(min_value=1, help_text="How many articles it would find.")


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
    capped = serializers.BooleanField(
        help_text="Whether the search found more than 1,000 articles; only the newest 1,000 are counted."
    )


class ArticlePageSerializer(serializers.Serializer):
    results = FoundSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The page after this one.")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one.")
    facets = FacetsSerializer(required=False, help_text="With `facets`.")
