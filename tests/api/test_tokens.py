"""Tokens: made and revoked on the staff site by their owners, and good for nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from registry.models import ApiToken
from tests.api.tokens import Script, make_token
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/registry/apitoken/"
DRAFTS = "networks/?publication=draft"


def signed_in(username: str, group: str | None = "Contributor") -> Client:
    client = Client()
    client.force_login(make_staff(username, group))
    return client


def make_one(client: Client, **given: Any) -> Any:
    ends = timezone.localdate() + timedelta(days=30)
    return client.post(f"{LIST}add/", {"name": "nightly", "expires_on": ends, **given})


def test_a_token_is_shown_once_and_only_recognised_after() -> None:
    client = signed_in("amina")
    answer = make_one(client)
    (secret,) = re.findall(r'value="(citynet_[\w-]{43})"', answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.owner.get_username(), token.beginning) == ("amina", secret[:14])
    assert secret not in str(ApiToken.objects.values().get())
    for address in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/", "/admin/"):
        html = client.get(address).content.decode()
        assert secret not in html and token.digest not in html
    assert secret not in str(list(LogEntry.objects.values()))
    Script(secret=secret).get(DRAFTS)
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


def test_an_end_is_needed_and_not_far() -> None:
    client = signed_in("amina")
    today = timezone.localdate()
    for wrong in ("", today - timedelta(days=1), today + timedelta(days=367)):
        answer = make_one(client, expires_on=wrong)
        assert answer.context["adminform"].form.errors["expires_on"]
    assert make_one(client, name=" ").context["adminform"].form.errors["name"]
    assert not ApiToken.objects.exists()


def test_one_sees_and_revokes_one_s_own() -> None:
    amina, other = signed_in("amina"), signed_in("ben", "Administrator")
    make_one(amina)
    key = ApiToken.objects.get().pk
    assert "nightly" not in other.get(LIST).content.decode()
    assert other.post(f"{LIST}{key}/delete/", {"post": "yes"}).status_code == 302
    assert ApiToken.objects.exists()
    script = Script(secret=make_token(ApiToken.objects.get().owner))
    script.get(DRAFTS)
    root = signed_in("root", None)
    assert "nightly" in root.get(LIST).content.decode()
    for token in ApiToken.objects.all():
        root.post(f"{LIST}{token.pk}/delete/", {"post": "yes"})
    assert "revoked" in script.get(DRAFTS, 401)["detail"]


def test_visitors_and_others_have_none(client: Client) -> None:
    assert client.get(LIST).status_code == 302
    owner = make_staff("amina", "Contributor")
    script = Script(secret=make_token(owner))
    owner.is_staff = False
    owner.save()
    script.get(DRAFTS, 403)
    owner.is_active = False
    owner.save()
    script.get(DRAFTS, 401)
    assert script.answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "Bearer x", "Bearer " + "x" * 999])
def test_without_a_good_token_there_are_no_drafts(client: Client, header: str) -> None:
    headers = {"Authorization": header} if header else None
    for method, address in [
        ("GET", "/api/v1/networks/?publication=draft"),
        ("POST", "/api/v1/networks/"),
        ("PATCH", "/api/v1/networks/x/"),
        ("DELETE", "/api/v1/networks/x/"),
        ("GET", "/api/v1/sources/"),
    ]:
        answer = client.generic(method, address, "{}", content_type="application/json", headers=headers)
        assert answer.status_code == 401, (method, address)
        assert answer["WWW-Authenticate"] == 'Bearer realm="CityNet"'
        assert (answer["Content-Type"], answer["Cache-Control"]) == (
            "application/problem+json",
            "private, no-store",
        )


def test_a_token_ends() -> None:
    today = timezone.localdate()
    past = {"made_on": today - timedelta(days=9), "expires_on": today - timedelta(days=1)}
    owner = make_staff("amina", "Contributor")
    assert "good through" in Script(secret=make_token(owner, **past)).get(DRAFTS, 401)["detail"]
    Script(secret=make_token(owner, **{**past, "expires_on": today})).get(DRAFTS)


def test_no_session_writes(client: Client) -> None:
    client.force_login(make_staff("amina", "Editor"))
    assert client.get(f"/api/v1/{DRAFTS}").status_code == 401
    assert client.post("/api/v1/networks/", "{}", content_type="application/json").status_code == 401


def test_tokens_cannot_be_tried_without_end(client: Client, settings: Any) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "read": 2}
    cache.clear()  # which other tests asked from the same address
    codes = [
        client.get(f"/api/v1/{DRAFTS}", headers={"Authorization": f"Bearer citynet_{number}"}).status_code
        for number in range(3)
    ]
    assert codes == [401, 401, 429]


def test_an_account_writes_so_much_in_a_minute(settings: Any) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "write": 2}
    script = Script()
    for _ in range(2):
        script.get(DRAFTS)
    script.get(DRAFTS, 429)
    assert script.answer["RateLimit-Policy"].startswith('"write";q=2')
