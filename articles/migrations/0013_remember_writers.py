"""Empty: it read contributions in a form that 0018 replaced. Nothing was released with it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_written_pieces"), ("record", "0002_review_by_people")]
    operations = []
