"""The worked examples are true: those in curl and Python are run against a site that serves."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from registry.api.docs import EXAMPLES
from tests import factories as make
from tests.api.tokens import make_token

PLACE = "http://127.0.0.1:8000"
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", EXAMPLES.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_examples_run(live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 1000)
    transport = make.make_issue("Transport")
    cities = [make.make_city("Paris"), make.make_city("São Paulo", country="BR")]
    network = make.make_network("League")
    for city in cities:
        make.make_membership(city=city, network=network)
    make.make_policy(issues=[transport], cities=cities, since="2010", ended="ongoing")
    monkeypatch.setenv("CITYNET_TOKEN", make_token(make.make_staff("amina", "Contributor")))
    said = [run(language, code.replace(PLACE, live_server.url)) for language, code in BLOCKS]
    assert len(said) == 12
    assert '"name":"League"' in said[0]
    assert said[1] == "2 cities take part in something\n"
    assert '"issue_name":"Transport"' in said[2]
    assert '"networks":{"rows":[{"id"' in said[3]
    assert '"city_name":"Paris"' in said[4]
    assert said[5].count('"decision":"matched"') == 2
    assert said[6].count(" matched ") == 2
    assert '"match":true' in said[7]
    assert said[8] == "304\n"
    assert "Brésil" in said[9] or "France" in said[9]
    assert '"founded":"1998-05"' in said[10]
    assert said[11] == "Cycling on both sides is in-review with 2 parties\n"


def run(language: str, code: str) -> str:
    command = ["sh", "-c", code] if language == "sh" else [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.django_db
def test_the_pages_of_the_api_show(client: Client) -> None:
    html = client.get("/api/docs/examples/").content.decode()
    assert "<h2>OpenRefine</h2>" in html
    html = client.get("/api/docs/").content.decode()
    assert 'data-schema="/api/v1/schema/"' in html
    assert client.get("/api/")["Location"] == "/api/docs/"
