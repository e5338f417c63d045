"""The code lists that this installation has loaded, for choosing and checking codes. They are in no document."""

from django.db import models
from django.utils import timezone

from articles.record.vocabulary import CodeSystem


class CodeList(models.Model):
    """One terminology, or the part of it that was loaded."""

    system = models.CharField(max_length=16, choices=CodeSystem.choices, unique=True)
    loaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.get_system_display()


class Code(models.Model):
    """`synonyms` are other names of the same code, one on each line."""

    list = models.ForeignKey(CodeList, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=32)
    display = models.CharField(max_length=255)
    synonyms = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="code_once_in_a_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.display}"
