"""Packages that are not right: each error with file, row and column, and nothing done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry import models as registry
from registry.exchange.package import PackageError, import_registry
from tests import factories as make
from tests.exchange.packages import (
    change,
    contents,
    events,
    rewrite,
    rows,
)

pytestmark = pytest.mark.django_db


WRONG = {
    "type": ("cities", {"population": "many"}, "population: “many” is no whole number."),
    "range": ("cities", {"latitude": "91", "longitude": "0"}, "latitude: Give latitude (-90 to 90)"),
    "choice": ("memberships", {"status": "friend"}, "status: “friend” is none of: member, applicant"),
    "date": ("networks", {"founded": "2001-13"}, "founded: Write a year"),
    "order": ("networks", {"founded": "2002", "dissolved": "2001"}, "dissolved: The end lies before"),
    "length": ("networks", {"acronym": "x" * 41}, "acronym: “xxxx"),
    "id": ("cities", {"id": "1"}, "id: “1” is no identifier (UUID)."),
    "missing": ("citations", {"source_id": ""}, "source_id: a value is needed."),
    "name": ("networks", {"name": " "}, "name: A name is needed."),
    "reference": ("cities", {"country_id": "ZZ"}, "country_id: “ZZ” is neither in countries.csv nor in the"),
}


@pytest.mark.parametrize(("table", "cells", "told"), WRONG.values(), ids=WRONG)
def test_each_error_names_file_row_and_column(package: Path, table: str, cells: Any, told: str) -> None:
    change(package, table, 0, **cells)
    before = events()
    with pytest.raises(CommandError) as refused:
        call_command("import_registry", str(package), verbosity=0)
    assert str(refused.value).startswith(f"{table}.csv, row 2, {told}")
    assert events() == before


def test_a_citation_of_two_records_is_refused(package: Path) -> None:
    ends = [name for name in rows(package, "citations")[0] if name.endswith("_id") and name != "source_id"]
    network = rows(package, "networks")[0]["id"]
    city = rows(package, "cities")[0]["id"]
    change(package, "citations", 0, **{**dict.fromkeys(ends, ""), "network_id": network, "city_id": city})
    with pytest.raises(PackageError, match="citations.csv, row 2: A citation supports exactly one record."):
        import_registry(package)


def test_errors_of_several_rows_are_told_together(package: Path) -> None:
    change(package, "cities", 0, population="many", kind="village")
    change(package, "cities", 1, population="-")
    change(package, "reports", 0, kind="leaflet")
    with pytest.raises(PackageError) as refused:
        import_registry(package)
    assert [line.partition(": ")[0] for line in refused.value.lines] == [
        "cities.csv, row 2, kind",
        "cities.csv, row 2, population",
        "cities.csv, row 3, population",
        "reports.csv, row 2, kind",
    ]


def test_rows_that_repeat_each_other_are_told(package: Path) -> None:
    found = rows(package, "networks")
    change(package, "networks", 1, slug=found[0]["slug"])
    with pytest.raises(PackageError, match=r"row 3, slug: Another record has this address. \(Row 2.\)"):
        import_registry(package)
    rewrite(package, "networks", [*found, found[0]])
    with pytest.raises(PackageError, match=f"networks.csv, row {len(found) + 2}, id: row 2 is the same one."):
        import_registry(package)


def test_overlapping_memberships_are_told(package: Path) -> None:
    one = change(package, "memberships", 0, since="2001", until="")
    change(package, "memberships", 1, city_id=one["city_id"], network_id=one["network_id"], since="2003")
    with pytest.raises(PackageError, match="memberships.csv, row 3, since: This city has another membership"):
        import_registry(package)


def test_a_rule_that_only_the_database_looks_after_names_its_row(package: Path) -> None:
    office, elsewhere = registry.CityOffice.objects.all()[0], make.make_city()
    found = rows(package, "parties")
    place = next(n for n, one in enumerate(found) if one["city_id"] != str(office.city.pid))
    change(package, "parties", place, office_id=str(office.pid), role="lead")
    told = f"parties.csv, row {place + 2}, office_id: The office belongs to another city."
    with pytest.raises(PackageError, match=told):
        import_registry(package)
    assert elsewhere


def test_files_that_are_no_package_are_told(package: Path, tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(PackageError) as refused:
            import_registry(path)
        return str(refused.value)

    assert "cannot be read" in refusal(tmp_path)
    for content, told in (
        ("{", "is no JSON"),
        ("[]", "is not of a registry"),
        ("{}", "is not of a registry"),
    ):
        folder = tmp_path / f"folder {content}"
        folder.mkdir()
        (folder / "datapackage.json").write_text(content)
        assert told in refusal(folder)
    broken = shutil.copytree(package, tmp_path / "broken")
    (broken / "cities.csv").unlink()
    (broken / "networks.csv").write_text((broken / "networks.csv").read_text().replace("slug", "address", 1))
    (broken / "reports.csv").write_bytes((broken / "reports.csv").read_bytes()[:-20] + b"\xff,\n")
    (broken / "issues.csv").write_text((broken / "issues.csv").read_text() + 'a,"b"c\n')
    told = refusal(broken)
    for words in (
        "cities.csv: it cannot be read",
        "networks.csv, row 1, “address”: there is no such column.",
        "networks.csv, row 1, slug: the column is missing.",
        "reports.csv: its SHA-256 sum is not the one in datapackage.json.",
        "cells instead of",
        "the row is no CSV",
    ):
        assert words in told, told
    about = json.loads((package / "datapackage.json").read_text())
    secret = {"name": "secrets", "path": "/etc/passwd"}
    about["resources"] += [secret, {"name": "cities", "path": "../cities.csv"}]
    (package / "datapackage.json").write_text(json.dumps(about))
    told = refusal(package)
    assert "“secrets” is none of" in told
    assert "its path is not cities.csv" in told


def test_a_folder_that_holds_something_is_left_alone(package: Path) -> None:
    before = contents(package)
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_registry", str(package))
    assert contents(package) == before
