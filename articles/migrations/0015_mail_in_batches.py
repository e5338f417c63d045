import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_grant_topics_to_leads")]

    operations = [
        migrations.RemoveField(model_name="mail", name="attempts"),
        migrations.AddField(
            model_name="mail",
            name="batch",
            field=models.UUIDField(db_index=True, default=uuid.uuid4),
            preserve_default=False,
        ),
    ]
