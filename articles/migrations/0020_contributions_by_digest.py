"""Contributions keep the digest that was rendered; pieces one mark each, by part. Nothing was released before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_table_of_open_needs")]

    operations = [
        migrations.RemoveField("contribution", "subject_kind"),
        migrations.RemoveField("contribution", "user"),
        migrations.RemoveField("contribution", "left"),
        migrations.RenameField("contribution", "state", "digest"),
        migrations.AlterField("contribution", "digest", models.CharField(blank=True, max_length=72)),
        migrations.DeleteModel("WrittenPiece"),
        migrations.CreateModel(
            "WrittenPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=72)),
                ("part", models.CharField(max_length=16)),
                ("mark", models.CharField(db_index=True, max_length=72)),
                ("user_key", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "part", "mark", "user_key"), name="written_piece_once")
                ]
            },
        ),
    ]
