"""Pictures: the hero, figures, the image for social networks."""

from rest_framework import serializers

from api.v1.schemas.fields import DigestField

SHARE = r"^(0(\.[0-9]{1,4})?|1)$"
FILE_TYPES = ["image/webp", "image/jpeg", "image/png"]


class RenditionSerializer(serializers.Serializer):
    url = serializers.URLField(help_text="The file never changes under this address.")
    width = serializers.IntegerField(min_value=1, help_text="Pixels.")
    height = serializers.IntegerField(min_value=1, help_text="Pixels.")
    type = serializers.ChoiceField(FILE_TYPES)
    sha256 = DigestField(help_text="Of the file.")


class FocalPointSerializer(serializers.Serializer):
    """Decimals from 0 to 1 as text, as they were signed: canonical JSON has no decimals."""

    x = serializers.RegexField(SHARE, help_text="From the left, as a share of the width: 0.5.")
    y = serializers.RegexField(SHARE, help_text="From the top, as a share of the height: 0.4.")


class ImageSerializer(serializers.Serializer):
    alt = serializers.CharField(allow_blank=True, max_length=255, help_text="For those who cannot see it.")
    credit = serializers.CharField(allow_blank=True, max_length=255)
    sha256 = DigestField(help_text="Of the original, as it was signed.")
    focal_point = FocalPointSerializer(help_text="What must stay in view when you crop.")
    renditions = RenditionSerializer(many=True, help_text="WebP, and JPEG or PNG, in several widths.")


class FigureSerializer(serializers.Serializer):
    alt = serializers.CharField(allow_blank=True, max_length=255, help_text="For those who cannot see it.")
    caption = serializers.CharField(allow_blank=True, max_length=400)
    credit = serializers.CharField(allow_blank=True, max_length=255)
    sha256 = DigestField(help_text="Of the original, as it was signed.")
    width = serializers.IntegerField(min_value=1, help_text="Pixels of the original.")
    height = serializers.IntegerField(min_value=1, help_text="Pixels of the original.")
    renditions = RenditionSerializer(many=True, help_text="WebP, and JPEG or PNG, in several widths.")
