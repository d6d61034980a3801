"""Changes proposed to published records, and what reviewers and authors say to each other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from registry.choices import ProposalState
from registry.models.base import Record
from registry.models.constraints import FieldCheck, not_blank, one_of
from registry.models.history import tracked


@tracked
class Proposal(Record):
    """A change somebody proposes to a published record, until it is accepted or refused.

    `patch` maps field names to proposed values as the record's form would take them. The name of a
    table of rows on that form maps to its rows: `added` (values of each), `changed` (key of the row →
    values) and `removed` (keys). `base` has what the form showed of the same fields and rows then; it
    is empty where a command proposed. `version` is the `pgh_id` of the newest event of the record
    when the proposal was made.
    """

    target_kind = models.CharField(max_length=40, help_text="Model name of the record: network…")
    target = models.UUIDField("permanent identifier of the record")
    version = models.BigIntegerField(null=True, blank=True)
    patch = models.JSONField(help_text="Field names and proposed values.")
    base = models.JSONField(
        default=dict, blank=True, db_default=Value({}, models.JSONField()), editable=False
    )
    reason = models.TextField(help_text="Why, and what remains to be checked.")
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["-proposed_at", "pk"]
        constraints = [
            not_blank("reason"),
            FieldCheck(
                name="registry_proposal_changes_something",
                condition=~Q(patch={}),
                field="patch",
                violation_error_message="A proposal changes at least one field.",
            ),
            one_of("state", ProposalState, "Choose open, accepted, refused, returned or withdrawn."),
        ]
        indexes = [
            models.Index(fields=["target"], name="proposal_target"),
            models.Index(fields=["state", "-proposed_at"], name="proposal_queue"),
        ]

    def __str__(self) -> str:
        return f"Change to {self.target_kind} {self.target}: {', '.join(self.patch)}"


@tracked
class ReviewComment(models.Model):
    """What a reviewer or an author says about a record in review or a proposal; it stays as said."""

    target_kind = models.CharField(max_length=40, help_text="Model name: network, proposal…")
    target = models.UUIDField("permanent identifier of what it is about")
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())

    class Meta:
        ordering = ["at", "pk"]
        constraints = [not_blank("text")]
        indexes = [models.Index(fields=["target"], name="reviewcomment_target")]

    def __str__(self) -> str:
        return self.text[:80]
