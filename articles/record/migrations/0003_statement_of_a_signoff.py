"""The sentence above a signature is its meaning; what is signed is a statement in canonical JSON."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0002_review_by_people")]

    operations = [
        migrations.RenameField("signoff", "statement", "meaning"),
        migrations.AddField("signoff", "statement", models.TextField(default=""), preserve_default=False),
    ]
