"""Research tables in the admin: brought in, their rows placed, drafts made of them, published."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models import (
    Dataset,
    DatasetFile,
    ListImport,
    Membership,
    Network,
    Observation,
    ObservedMembership,
)
from tests.admin.conftest import errors_of, fields_of
from tests.admin.list_pages import said
from tests.exchange.datasets.tables import WIDE, WIDE_MAPPING
from tests.factories import make_city, make_network, make_source

pytestmark = pytest.mark.django_db
ADD = "/admin/registry/dataset/add/"


@pytest.fixture
def atlas() -> None:
    """The cities and networks of the wide table, but for Atlantis."""
    make_network("C40", slug="c40")
    make_network("Eurocities", slug="eurocities")
    for name in ("Paris", "Lyon"):
        make_city(name)


def bring(client: Client, fill_in: Any, content: str = WIDE, mapping: str = WIDE_MAPPING) -> Any:
    file = SimpleUploadedFile("wide.csv", content.encode())
    return fill_in(
        client,
        ADD,
        name="Wide table",
        source=str(make_source().pk),
        observed_on="2017",
        file=file,
        table_mapping=mapping,
    )


@pytest.mark.usefixtures("atlas")
def test_a_table_comes_in_as_a_draft_with_every_cell(editor: Client, fill_in: Any) -> None:
    response = bring(editor, fill_in)
    assert response.status_code == 302, errors_of(response)
    dataset = Dataset.objects.get()
    assert (dataset.publication, dataset.mapping) == ("draft", WIDE_MAPPING)
    assert bytes(DatasetFile.objects.get().content) == WIDE.encode()
    assert Observation.objects.count() == 15
    assert "The city of 2 rows was found" in said(editor.get(response.url))


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(
    ("content", "mapping", "field", "message"),
    [
        ("", WIDE_MAPPING, "file", "empty"),
        ("a,a\n1,2\n", WIDE_MAPPING, "file", "2 columns have the header"),
        (WIDE, "nonsense", "table_mapping", "not TOML"),
        (WIDE, WIDE_MAPPING.replace("NA", "-"), "table_mapping", "“NA” is not on the scale"),
    ],
    ids=["empty", "same headers", "no mapping", "a value of no scale"],
)
def test_what_does_not_fit_is_said_beside_its_field(
    editor: Client, fill_in: Any, content: str, mapping: str, field: str, message: str
) -> None:
    response = bring(editor, fill_in, content, mapping)
    assert message in " ".join(errors_of(response)[field])
    assert not Dataset.objects.exists()


@pytest.mark.usefixtures("atlas")
def test_a_table_is_published_only_with_its_licence(editor: Client, fill_in: Any) -> None:
    page = bring(editor, fill_in).url
    dataset = Dataset.objects.get()
    page = f"/admin/registry/dataset/{dataset.pk}/change/"
    response = fill_in(editor, page, publication="published")
    assert "has a licence" in " ".join(errors_of(response)["licence"])
    assert fill_in(editor, page, publication="published", licence="CC BY 4.0").status_code == 302
    assert editor.get(dataset.get_absolute_url()).status_code == 200


@pytest.mark.usefixtures("atlas")
def test_a_row_is_placed_and_its_city_becomes_a_draft_member(editor: Client, fill_in: Any) -> None:
    bring(editor, fill_in)
    dataset, town = Dataset.objects.get(), make_city("Atlantis sur Mer")
    rows = f"/admin/registry/dataset/{dataset.pk}/rows/"
    page = editor.get(rows)
    assert "Atlantis" in page.content.decode()
    posted = {**fields_of(page), "row-0-other": str(town.pk)}
    assert "The city of 1 row is noted" in said(editor.post(rows, posted, follow=True))
    assert set(Observation.objects.filter(row_key="3").values_list("city", flat=True)) == {town.pk}

    promote = f"/admin/registry/dataset/{dataset.pk}/promote/"
    assert "Choose at least one network" in editor.post(promote).content.decode()
    c40 = Network.objects.get(slug="c40")
    answer = editor.post(promote, {"network": [c40.pk]}, follow=True)
    assert "2 drafts added" in said(answer)
    drafts = Membership.objects.filter(network=c40, publication="draft")
    assert set(drafts.values_list("city__name", flat=True)) == {"Paris", town.name}
    assert set(ListImport.objects.values_list("network__slug", flat=True)) == {"c40"}


@pytest.mark.usefixtures("atlas")
def test_those_who_may_not_bring_tables_in_cannot(contributor: Client, editor: Client, fill_in: Any) -> None:
    assert contributor.get(ADD).status_code == 403
    bring(editor, fill_in)
    dataset = Dataset.objects.get()
    for name in ("rows", "promote"):
        page = f"/admin/registry/dataset/{dataset.pk}/{name}/"
        assert Client().get(page).status_code == 302
    assert contributor.get(f"/admin/registry/dataset/{dataset.pk}/rows/").status_code == 403


@pytest.mark.usefixtures("atlas")
def test_pages_of_rows_take_any_number(editor: Client, fill_in: Any) -> None:
    bring(editor, fill_in)
    base = f"/admin/registry/dataset/{Dataset.objects.get().pk}"
    for query in ("page=7", "page=x", "page=-1", "page=99999999999"):
        assert editor.get(f"{base}/rows/?{query}").status_code == 200
    assert editor.post(f"{base}/promote/", {"network": ["x", "0"]}).status_code == 200
    for key in ("none such", "\0"):
        assert editor.post(f"{base}/rows/", {"key": [key], "row-0-choice": "x"}).status_code == 200
    Dataset.objects.update(mapping="")
    assert editor.get(f"{base}/rows/").status_code == 302


@pytest.mark.usefixtures("atlas")
def test_the_source_of_a_published_table_is_for_editors(
    contributor: Client, editor: Client, fill_in: Any
) -> None:
    bring(editor, fill_in)
    source = Dataset.objects.get().source
    page = f"/admin/registry/source/{source.pk}/change/"
    assert "_save" in contributor.get(page).content.decode()
    Dataset.objects.update(licence="CC0", publication="published")
    assert "_save" not in contributor.get(page).content.decode()


@pytest.mark.usefixtures("atlas")
def test_a_table_is_deleted_with_its_cells_and_comes_back_with_them(superuser: Client, fill_in: Any) -> None:
    bring(superuser, fill_in)
    dataset = Dataset.objects.get()
    said_before = ObservedMembership.objects.count()
    page = f"/admin/registry/dataset/{dataset.pk}/delete/"
    assert "15" in superuser.get(page).content.decode()
    assert superuser.post(page, {"post": "yes"}).status_code == 302
    assert not any(model.objects.exists() for model in (Dataset, DatasetFile, Observation))
    superuser.post("/admin/registry/dataset/deleted/", {"key": dataset.pk})
    assert bytes(DatasetFile.objects.get().content) == WIDE.encode()
    assert (Observation.objects.count(), ObservedMembership.objects.count()) == (15, said_before)
