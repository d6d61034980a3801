"""How much one address may ask in a minute, said with every answer.

The numbers stand in `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), and
`Retry-After` with a refusal. Each server process counts for itself, in its own memory: politeness, not a
defence.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

MINUTE = 60


class Polite(SimpleRateThrottle):
    """Requests of one address for anything that is read."""

    scope = "read"

    def __init__(self) -> None:
        self.num_requests, self.duration = settings.API_LIMITS[self.scope], MINUTE
        self.history: list[float] = []

    def get_cache_key(self, request: Request, view: Any) -> str:
        """By whoever asks."""
        return f"api-{self.scope}-{self.get_ident(request)}"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request; note on it what is left."""
        self.key = self.get_cache_key(request, view)
        self.history = [one for one in self.cache.get(self.key, []) if one > self.timer() - self.duration]
        self.now = self.timer()
        allowed = len(self.history) < self.num_requests
        if allowed:
            self.history.insert(0, self.now)
            self.cache.set(self.key, self.history, self.duration)
        request._request.api_limit = self.headers
        return allowed

    @property
    def headers(self) -> dict[str, str]:
        """What the policy is, how many requests are left, and in how many seconds the next is allowed."""
        left = max(0, self.num_requests - len(self.history))
        oldest = self.history[-1] if self.history else self.now
        again = max(1, round(self.duration - (self.now - oldest)))
        return {
            "RateLimit-Policy": f'"{self.scope}";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"{self.scope}";r={left};t={again}',
        }


class Resolving(Polite):
    """Requests to resolve names, which cost more."""

    scope = "resolve"
