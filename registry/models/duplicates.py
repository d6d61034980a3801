"""Pairs of records that look alike and are known to be different."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from registry.choices import DuplicateKind
from registry.models.constraints import FieldCheck, FieldUnique, one_of
from registry.models.history import tracked


@tracked
class NotDuplicate(models.Model):
    """That somebody compared two records of a kind and found them to be different.

    The pair has no order, so the smaller permanent identifier stands first. It stays true for as
    long as both records exist; a row about a record that is gone says nothing any more.
    """

    kind = models.CharField(max_length=12, choices=DuplicateKind)
    one = models.UUIDField("permanent identifier of one record")
    other = models.UUIDField("permanent identifier of the other record")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())

    class Meta:
        verbose_name = "pair that is no duplicate"
        verbose_name_plural = "pairs that are no duplicates"
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("kind", DuplicateKind, "Choose one of the kinds of record."),
            FieldCheck(
                name="registry_notduplicate_in_order",
                condition=Q(one__lt=F("other")),
                field="other",
                violation_error_message="Name two records, the smaller permanent identifier first.",
            ),
            FieldUnique(
                fields=["kind", "one", "other"],
                name="registry_notduplicate_unique",
                field="other",
                violation_error_message="Somebody said already that these two are different.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.one} and {self.other} are different"
