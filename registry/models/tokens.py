"""Tokens by which scripts of staff write drafts through the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import User, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from registry.models.constraints import FieldCheck, FieldUnique, not_blank

# Scanners for secrets that were published by mistake know a token by its beginning.
BEGINNING = "citynet_"
RANDOM_BYTES = 32
SHOWN_CHARACTERS = len(BEGINNING) + 6
USUAL_DAYS, MOST_DAYS = 90, 366
ENDS_IN_TIME = "registry_apitoken_ends_in_time"


def usual_end() -> date:
    """When a token ends that is given no other end."""
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


def digest_of(secret: str) -> str:
    """What is kept of a token. It is random through and through, so a fast hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAccount(User):
    """An account as its tokens let it act: with all its permissions but those to publish.

    Whatever asks for these permissions (forms, actions, deletions) then keeps a script to drafts.
    """

    objects: ClassVar[UserManager[Any]] = UserManager()

    class Meta:
        proxy = True
        default_permissions = ()

    def has_perm(self, perm: Any, obj: Any = None) -> bool:
        """Whether the account has the permission, and a token does not take it away."""
        return not perm.startswith("registry.publish_") and super().has_perm(perm, obj)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, found by the secret that a request bears."""

    def bearing(self, secret: str) -> ApiToken | None:
        """The token with this secret, with its owner."""
        return self.select_related("owner").filter(digest=digest_of(secret)).first()


class ApiToken(models.Model):
    """That whoever bears a secret acts for an account; the secret itself is not kept.

    `beginning`: the first characters of the secret, by which its owner recognises it. It is good through
    `expires_on`. Kept beside the registry: in no history, package or export.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, help_text="What it is for: the script that will have it.")
    beginning = models.CharField("begins with", max_length=SHOWN_CHARACTERS, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    made_on = models.DateField("made", default=timezone.localdate, editable=False)
    last_used_on = models.DateField("last used", null=True, blank=True, editable=False)
    expires_on = models.DateField(
        "expires",
        default=usual_end,
        help_text=f"The last day on which it is good; at most {MOST_DAYS} days from now.",
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-made_on", "-pk"]
        default_permissions = ()
        constraints = [
            not_blank("name"),
            FieldUnique(
                fields=["digest"],
                name="registry_apitoken_digest_unique",
                field="digest",
                violation_error_message="This secret belongs to another token.",
            ),
            FieldCheck(
                name=ENDS_IN_TIME,
                condition=Q(
                    expires_on__gte=F("made_on"),
                    expires_on__lte=F("made_on") + timedelta(days=MOST_DAYS),
                ),
                field="expires_on",
                violation_error_message=f"Choose a day from today on, at most {MOST_DAYS} days from now.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def clean(self) -> None:
        super().clean()
        # A form leaves out what concerns a field that it does not have: the day it was made.
        next(one for one in self._meta.constraints if one.name == ENDS_IN_TIME).validate(type(self), self)

    def make_secret(self) -> str:
        """A new secret for this token, to be shown once; what is kept of it is set and not saved."""
        secret = BEGINNING + secrets.token_urlsafe(RANDOM_BYTES)
        self.beginning, self.digest = secret[:SHOWN_CHARACTERS], digest_of(secret)
        return secret

    @property
    def is_over(self) -> bool:
        """Whether its last day is past."""
        return self.expires_on < timezone.localdate()

    def note_use(self) -> None:
        """Record the day, by one statement on the first use of each day."""
        today = timezone.localdate()
        if self.last_used_on != today:
            type(self).objects.filter(pk=self.pk).update(last_used_on=today)
