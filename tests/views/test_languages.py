"""Pages in the reader's language: addresses, words, numbers, and the names of records."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import City, CityName, NetworkName
from tests import factories as make
from tests.views.addresses import make_site

pytestmark = pytest.mark.django_db
EVERY = ("fr", "es")


def page(client: Client, address: str) -> str:
    make.settle()
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def called(city: City, name: str, language: str, kind: str = "exonym") -> None:
    CityName.objects.create(city=city, name=name, language=language, kind=kind)


def test_every_page_is_there_in_every_language(client: Client) -> None:
    site = make_site()
    for address in site.addresses:
        for language in EVERY:
            answer = site.get(client, f"/{language}{address}")
            html = answer.content.decode()
            assert f'<html lang="{language}">' in html
            assert answer["Content-Language"] == language
            assert "Accept-Language" not in answer.get("Vary", "")
            # Links within the site stay in the language, but for those to what is no page.
            inside = set(re.findall(r'href="(/[^"]*)"', html.partition("<main")[2]))
            here = (f"/{language}/", "/api/v1/", "/api/reconcile/")
            elsewhere = {link for link in inside if not link.startswith(here)}
            assert elsewhere == set(), address


def test_a_language_is_switched_with_the_whole_question(client: Client) -> None:
    html = page(client, "/fr/cities/?country=FR&q=a+b&order=-name&utm_source=mail")
    kept = "/cities/?country=FR&amp;q=a+b&amp;order=-name&amp;utm_source=mail"
    assert f'<a href="{kept}" lang="en" hreflang="en">English</a>' in html
    assert f'<a href="/es{kept}" lang="es" hreflang="es">Español</a>' in html
    assert ">Français</a>" not in html
    assert f'<a href="/fr{kept}" lang="fr"' in page(client, kept.replace("&amp;", "&"))


def test_each_language_is_its_own_page_for_those_who_index(client: Client) -> None:
    make.make_city("Lyon")
    html = page(client, "/fr/cities/?taking_part=any&utm_source=mail")
    assert '<link rel="canonical" href="http://testserver/fr/cities/?taking_part=any">' in html
    for code, folder in (("en", ""), ("fr", "/fr"), ("es", "/es"), ("x-default", "")):
        address = f"http://testserver{folder}/cities/?taking_part=any"
        assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in html


@pytest.mark.parametrize(
    "address", ["/de/cities/", "/en/cities/", "/fr-ca/cities/", "/FR/cities/", "/fr/fr/"]
)
def test_no_other_address_has_a_language(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_address_that_is_not_there_offers_the_home_page_in_other_languages(client: Client) -> None:
    html = client.get("/fr/nowhere/").content.decode()
    assert "Page introuvable" in html
    assert '<a href="/es/" lang="es"' in html


def test_what_the_browser_prefers_changes_no_page(client: Client) -> None:
    preferring = Client(headers={"accept-language": "fr"})
    assert preferring.get("/cities/").content == client.get("/cities/").content
    assert '<html lang="es">' in preferring.get("/es/cities/").content.decode()


def test_the_admin_is_in_english(client: Client) -> None:
    client.get("/fr/")
    answer = client.get("/admin/login/", headers={"accept-language": "fr"})
    assert "Password" in answer.content.decode()
    assert client.get("/fr/admin/").status_code == 404


def test_cities_and_networks_have_the_names_of_the_readers_language(client: Client) -> None:
    london = make.make_city("London", country="GB")
    network = make.make_network("League of Cities")
    make.make_membership(city=london, network=network)
    called(london, "Londres", "fr")
    called(london, "Londinium", "fr", kind="former")
    called(london, "Grand Londres", "fr-FR", kind="official")
    called(london, "Londra", "it")
    NetworkName.objects.create(network=network, name="Ligue des villes", language="fr", kind="official")
    french = page(client, "/fr/cities/")
    assert ">Grand Londres</a>" in french and ">London</a>" not in french
    assert "Royaume-Uni" in french
    assert ">London</a>" in page(client, "/cities/") and ">London</a>" in page(client, "/es/cities/")
    for address in (london.get_absolute_url(), network.get_absolute_url()):
        assert "Grand Londres" in page(client, f"/fr{address}") and "Ligue des villes" in page(
            client, f"/fr{address}"
        )
        assert "League of Cities" in page(client, f"/es{address}")
    assert ">Ligue des villes</a>" in page(client, "/fr/networks/")
    found = re.sub("</?mark>", "", page(client, "/fr/search/?q=London"))
    assert ">Grand Londres</a>" in found and "aussi connu sous le nom de" in found
    assert "Grand Londres, Royaume-Uni" in page(client, f"/fr/networks/?city={london.slug}")


def test_names_cost_the_same_however_many_there_are(client: Client) -> None:
    site = make_site("Ω")
    addresses = [f"/{listing}/" for listing in ("cities", "networks", "policies", "collaborations")]
    addresses += [*site.hub.pages, "/search/?q=Ω", "/collaborations/?view=graph"]

    def costs(prefix: str) -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page(client, f"{prefix}{address}")
            found.append(len(queries))
        return found

    english = costs("")
    few = costs("/fr")
    # One query more for the names of all cities, and one for those of all networks.
    assert all(french - own <= 2 for french, own in zip(few, english, strict=True))
    for city in City.objects.all():
        called(city, f"Ville {city.pk}", "fr")
    assert costs("/fr") == few and costs("") == english


def test_a_draft_has_no_name_in_any_language(client: Client) -> None:
    draft = make.make_city("Secretville", publication="draft")
    shown = make.make_city("Openville")
    for city, name in ((draft, "Villesecrète"), (shown, "Villeouverte")):
        called(city, name, "fr")
        make.make_membership(city=city, network=make.make_network())
    html = page(client, "/fr/cities/?taking_part=any")
    assert "Villeouverte" in html and "Villesecr" not in html
    assert "secretville" not in page(client, "/fr/search/?q=Villesecr%C3%A8te")
    assert client.get(f"/fr{draft.get_absolute_url()}").status_code == 404


def test_files_say_the_same_in_every_language(client: Client) -> None:
    city = make.make_city("London", country="GB")
    make.make_membership(city=city, network=make.make_network())
    called(city, "Londres", "fr")

    make.settle()

    def rows(prefix: str, name: str) -> str:
        answer = client.get(f"{prefix}/cities/?format={name}")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        text = text.replace(f"testserver{prefix}/", "testserver/")
        return re.sub('"generated_at": "[^"]*"', "", text)

    for name in ("csv", "json"):
        assert rows("/fr", name) == rows("", name)
        assert "London" in rows("/fr", name)


def test_a_feed_is_for_people(client: Client) -> None:
    city = make.make_city("London", country="GB")
    make.make_membership(city=city, network=make.make_network())
    feed = page(client, "/fr/cities/?format=atom")
    assert "CityNet: Villes" in feed and "Royaume-Uni" in feed


def test_what_is_wrong_is_said_in_the_language(client: Client) -> None:
    assert "n’est pas l’une des valeurs" in page(client, "/fr/cities/?kind=palace")
    assert "La página" not in page(client, "/es/cities/?page=0")
    assert "las páginas se numeran desde 1" in page(client, "/es/cities/?page=0")
    refusal = client.get("/fr/cities/?kind=palace&format=csv")
    assert refusal.status_code == 400 and "n’est pas l’une des valeurs" in refusal.content.decode()


def test_numbers_and_periods_are_written_as_the_language_has_them(client: Client) -> None:
    city = make.make_city("Lyon", population=522250, latitude=45.75, longitude=4.85)
    make.make_membership(city=city, network=make.make_network(), since="2005")
    html = page(client, f"/fr{city.get_absolute_url()}")
    assert "522\u202f250" in html and "depuis 2005" in html
    # What is copied into a map keeps its point.
    assert "45.7500, 4.8500" in page(client, "/fr/cities/?columns=position")
    assert "desde 2005" in page(client, f"/es{city.get_absolute_url()}")
    assert "2 adhésions" not in html and "1 adhésion" in html
    assert "0 service," in html, "French counts nothing as one"
    assert "0 oficinas" in page(client, f"/es{city.get_absolute_url()}")


def test_names_written_from_right_to_left_stand_by_themselves(client: Client) -> None:
    amman = make.make_city("عمان", country="JO")
    called(amman, "عَمّان", "ar", kind="official")
    make.make_membership(city=amman, network=make.make_network())
    assert "<bdi>عمان</bdi></a>" in page(client, "/cities/")
    assert '<bdi lang="ar">عَمّان</bdi>' in page(client, amman.get_absolute_url())
    assert "<bdi><mark>عمان</mark></bdi>" in page(client, "/search/?q=عمان")
    assert 'type="search" dir="auto"' in page(client, "/")


def test_words_of_the_registry_alone_are_marked_as_english(client: Client) -> None:
    issue = make.make_issue("Cycling")
    make.make_policy(issues=[issue])
    assert '<span lang="en">Cycling</span>' in page(client, "/fr/policies/")
    assert '<span lang="en">' not in page(client, "/policies/")


def test_a_citation_names_one_address_whatever_the_language(client: Client) -> None:
    city = make.make_city("Lyon")
    assert f'href="http://testserver/cities/{city.pid}/"' in page(client, f"/fr{city.get_absolute_url()}")
    answer = client.get(f"/fr/cities/{city.pid}/")
    assert answer.status_code == 301 and answer["Location"] == f"/fr{city.get_absolute_url()}"
