"""Alternative texts and credits of pictures are the article's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_first_start"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlepage",
            name="hero_credit",
            field=models.CharField(blank=True, max_length=255, verbose_name="credit of the hero image"),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="social_image_alt",
            field=models.CharField(blank=True, max_length=255, verbose_name="alternative text of the social image"),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="social_image_credit",
            field=models.CharField(blank=True, max_length=255, verbose_name="credit of the social image"),
        ),
    ]
