"""Pictures: the hero, figures, the image for social networks."""

from rest_framework import serializers

from api.v1.schemas.fields import DigestField

SHARE = r"^(0(\.[0-9]{1,4})?|1)$"
FILE_TYPES = ["image/webp", "image/jpeg", "image/png"]


class RenditionSerializer(serializers.Serializer):
    url = serializers.URLField(help_text="The file at this address never changes.")
    width = serializers.IntegerField(min_value=1, help_text="In pixels.")
    height = serializers.IntegerField(min_value=1, help_text="In pixels.")
    type = serializers.ChoiceField(FILE_TYPES)
    sha256 = DigestField(help_text="The digest of the file.")


class FocalPointSerializer(serializers.Serializer):
    """Decimals from 0 to 1 as text, as they were signed: canonical JSON has no decimals."""

    x = serializers.RegexField(SHARE, help_text="From the left, as a share of the width, for example 0.5.")
    y = serializers.RegexField(SHARE, help_text="From the top, as a share of the height, for example 0.4.")


class SignedImageSerializer(serializers.Serializer):
    alt = serializers.CharField(
        allow_blank=True, max_length=255, help_text="Alternative text for people who cannot see the image."
    )
    sha256 = DigestField(help_text="The digest of the original file, as it was signed.")


class MaybeDecorativeSerializer(serializers.Serializer):
    decorative = serializers.BooleanField(
        allow_null=True, help_text="True if readers miss nothing without the picture: show it with an empty `alt`."
    )


class SignedHeroSerializer(MaybeDecorativeSerializer, SignedImageSerializer):
    pass


class ShownImageSerializer(serializers.Serializer):
    credit = serializers.CharField(allow_blank=True, max_length=255)
    focal_point = FocalPointSerializer(help_text="The point that must stay visible when you crop.")


class ImageSerializer(SignedImageSerializer, ShownImageSerializer):
    renditions = RenditionSerializer(many=True, help_text="WebP, and JPEG or PNG, in several widths.")


class HeroSerializer(MaybeDecorativeSerializer, ImageSerializer):
    pass


class FigureSerializer(MaybeDecorativeSerializer):
    alt = serializers.CharField(
        allow_blank=True, max_length=255, help_text="Alternative text for people who cannot see the image."
    )
    caption = serializers.CharField(allow_blank=True, max_length=400)
    credit = serializers.CharField(allow_blank=True, max_length=255)
    sha256 = DigestField(help_text="The digest of the original file, as it was signed.")
    width = serializers.IntegerField(min_value=1, help_text="The original's width in pixels.")
    height = serializers.IntegerField(min_value=1, help_text="The original's height in pixels.")
    renditions = RenditionSerializer(many=True, help_text="WebP, and JPEG or PNG, in several widths.")
