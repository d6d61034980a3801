"""Who a script acts for: the token that its request bears, and how much it may write in a minute."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from registry.api.limits import Polite
from registry.models import ApiToken, TokenAccount

SCHEME = "bearer"
LONGEST_SECRET = 200
NEEDED = (
    "A token is needed: send the header “Authorization: Bearer …” with one that you made on the staff site."
)
NOT_KNOWN = "There is no such token; it may have been revoked. Make another on the staff site."


class ByToken(BaseAuthentication):
    """The account whose token a request bears, without its permissions to publish."""

    def authenticate(self, request: Request) -> tuple[TokenAccount, ApiToken]:
        """The account and the token; raises what is wrong with them."""
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            raise exceptions.NotAuthenticated(NEEDED)
        if scheme.lower() != SCHEME or not 0 < len(secret) <= LONGEST_SECRET:
            raise exceptions.AuthenticationFailed(NEEDED)
        token = ApiToken.objects.bearing(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(NOT_KNOWN)
        if token.is_over:
            raise exceptions.AuthenticationFailed(
                f"This token was good through {token.expires_on}. Make another on the staff site."
            )
        if not token.owner.is_active:
            raise exceptions.AuthenticationFailed("The account of this token is not active.")
        if not token.owner.is_staff:
            raise exceptions.PermissionDenied("The account of this token is not one of staff.")
        token.note_use()
        return TokenAccount.objects.get(pk=token.owner_id), token

    def authenticate_header(self, request: Request) -> str:
        """What is said with 401."""
        return 'Bearer realm="CityNet"'


class Writing(Polite):
    """Requests of one account, from wherever they come."""

    scope = "write"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """By the account."""
        return f"api-{self.scope}-{request.user.pk}"
