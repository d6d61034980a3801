"""A script of staff: what it sends, with the token of an account."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from registry.models import ApiToken
from tests.factories import make_staff


def make_token(owner: User, **given: Any) -> str:
    """The secret of a new token of the account."""
    token = ApiToken(owner=owner, name="nightly import", **given)
    secret = token.make_secret()
    token.save()
    return secret


class Script:
    """Sends requests with a token; `answer` of the last one."""

    def __init__(self, group: str | None = "Contributor", username: str = "sam", secret: str = "") -> None:
        self.account = None if secret else make_staff(username, group)
        self.secret = secret or make_token(self.account)  # type: ignore[arg-type]
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, address: str, status: int = 200, **headers: str) -> Any:
        """What is answered."""
        return self._checked(self.client.get(f"/api/v1/{address}", headers=headers or None), status)

    def post(self, address: str, body: Any, status: int = 201) -> Any:
        """What is answered to a body of JSON."""
        sent = self.client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")
        return self._checked(sent, status)

    def patch(self, address: str, body: Any, version: str | None, status: int = 200) -> Any:
        """The same, of the version of a record that was seen."""
        sent = self.client.patch(
            f"/api/v1/{address}",
            json.dumps(body),
            content_type="application/json",
            headers={"If-Match": f'"{version}"'} if version is not None else None,
        )
        return self._checked(sent, status)

    def delete(self, address: str, version: str | None, status: int = 204) -> Any:
        """What is answered to deleting that version."""
        headers = {"If-Match": f'"{version}"'} if version is not None else None
        return self._checked(self.client.delete(f"/api/v1/{address}", headers=headers), status)

    def _checked(self, answer: Any, status: int) -> Any:
        self.answer = answer
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:1000])
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
        return answer.json() if answer.content else None

    def errors(self) -> dict[str, str]:
        """What was wrong, by its place."""
        return {one["parameter"]: one["message"] for one in self.answer.json()["errors"]}
