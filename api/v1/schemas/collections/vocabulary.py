"""The words of closed lists, the languages, and the root."""

from rest_framework import serializers


class ValueSerializer(serializers.Serializer):
    value = serializers.CharField(help_text="As it appears in the JSON.")
    label = serializers.CharField(help_text="What to show.")  # type: ignore[assignment] # a field of this name
    meaning = serializers.CharField(allow_blank=True, help_text="In plain words; empty if the label says it all.")
    lang = serializers.CharField(max_length=16, help_text="The language of both.")


class ListSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="For example `frequency` or `certainty`.")
    values = ValueSerializer(many=True)


class SentenceSerializer(serializers.Serializer):
    key = serializers.CharField()
    text = serializers.CharField(help_text="Fill in what is in braces.")
    lang = serializers.CharField(max_length=16)


class VocabularySerializer(serializers.Serializer):
    locale = serializers.CharField(max_length=16, help_text="The language of these words.")
    lists = ListSerializer(many=True)
    sentences = SentenceSerializer(many=True)


class LocaleSerializer(serializers.Serializer):
    locale = serializers.CharField(max_length=16, help_text="The value for `?locale=`.")
    name = serializers.CharField(help_text="In the language itself.")
    direction = serializers.ChoiceField(["ltr", "rtl"])
    is_default = serializers.BooleanField(help_text="Whether slugs without `?locale=` are in it.")
    has_words = serializers.BooleanField(help_text="Whether `vocabulary/` has words in it.")
    articles = serializers.IntegerField(min_value=0, help_text="The number of published articles.")
    url = serializers.URLField(help_text="The list of these articles.")


class LocalesSerializer(serializers.Serializer):
    results = LocaleSerializer(many=True)


class RootSerializer(serializers.Serializer):
    articles = serializers.URLField()
    changes = serializers.URLField()
    sections = serializers.URLField()
    topics = serializers.URLField()
    people = serializers.URLField()
    vocabulary = serializers.URLField()
    locales = serializers.URLField()
    resolve = serializers.URLField(help_text="Needs `path`.")
    infobutton = serializers.URLField()
    keys = serializers.URLField(help_text="Whose key is whose.")
    mcp = serializers.URLField(help_text="For assistants; takes POST only.")
    fixtures = serializers.URLField(required=False, help_text="Only in the demo.")
    docs = serializers.URLField()
    openapi = serializers.URLField()
