"""Making a release: the public package frozen into one file, all of it or nothing."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from registry.exchange.package.descriptor import FILE, Written
from registry.exchange.package.write import appearing_whole, write_into
from registry.exchange.releases.changes import files_in, files_of, rows_of, write_changes
from registry.models import Release
from registry.models.base import Record

Say = Callable[[str], None]
CHANGES = "changes.csv"
PIECE = 1 << 20
ONE_AT_A_TIME = "LOCK TABLE registry_release IN SHARE ROW EXCLUSIVE MODE"
STAGE = "CREATE TEMPORARY TABLE released (pid uuid) ON COMMIT DROP"
# Records that the release before held too go on; those that it did not hold begin anew.
GO_ON = """
UPDATE registry_releasedrecord SET last_id = %(release)s
WHERE last_id = %(previous)s AND pid IN (SELECT pid FROM released)
"""
BEGIN = """
INSERT INTO registry_releasedrecord (pid, first_id, last_id)
SELECT pid, %(release)s, %(release)s FROM released WHERE NOT EXISTS (
    SELECT FROM registry_releasedrecord known WHERE known.pid = released.pid AND known.last_id = %(release)s
)
"""


def place_of(version: str) -> Path:
    """The folder with the files of a release."""
    return Path(settings.RELEASES_ROOT) / version


def make_release(version: str, *, at: datetime | None = None, say: Say = lambda line: None) -> Release:
    """Freeze what is published now as a release of this version.

    Its folder appears when it is whole, and counts from the moment the database knows it. Raises
    ValidationError for a version that cannot be.
    """
    moment = at or timezone.now()
    unfinished = Path(tempfile.mkdtemp(prefix=".release-", dir=_root()))
    try:
        _check(version, moment)
        say("Writing the package…")
        said = {"version": version, "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
        files = write_into(unfinished, everything=False, said=said)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
            release = _check(version, moment)
            # A folder that no release knows is of one that was stopped just before its end.
            shutil.rmtree(place_of(version), ignore_errors=True)
            with appearing_whole(place_of(version)) as folder:
                say("Comparing it with the release before…")
                release.changes = _compare(release.previous, unfinished, folder / CHANGES)
                say("Packing it…")
                _pack(unfinished, folder / release.file_name, moment)
                shutil.copyfile(unfinished / FILE, folder / FILE)
                _fill(release, files, folder / release.file_name)
                release.save(force_insert=True)
                _note_records(release, files, unfinished, cursor)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return release


def _root() -> Path:
    root = Path(settings.RELEASES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root


def _check(version: str, moment: datetime) -> Release:
    """A release of this version, not saved yet. Raises ValidationError where there can be none."""
    release = Release(version=version, made_at=moment, previous=Release.objects.first())
    release.full_clean(exclude=["size", "sha256", "counts"])
    return release


def _compare(previous: Release | None, folder: Path, place: Path) -> dict[str, Any]:
    """Write the change list, and count what is on it; the first release has none."""
    if previous is None:
        return {}
    archive = place_of(previous.version) / previous.file_name
    if not archive.exists():
        raise ValidationError(f"The file of the release before is missing: {archive}.")
    with place.open("w", encoding="utf-8", newline="") as file:
        return write_changes(file, files_in(archive), files_of(folder))


def _pack(folder: Path, archive: Path, moment: datetime) -> None:
    """All files in one, the same bytes for the same files and moment."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(path.name, date_time=moment.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as content, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(content, target, PIECE)


def _fill(release: Release, files: list[Written], archive: Path) -> None:
    release.counts = {file.table.name: file.rows for file in files}
    release.size = archive.stat().st_size
    with archive.open("rb") as content:
        release.sha256 = hashlib.file_digest(content, "sha256").hexdigest()


def _note_records(release: Release, files: list[Written], folder: Path, cursor: Any) -> None:
    """Note which records with a page the release holds."""
    cursor.execute("DROP TABLE IF EXISTS released")
    cursor.execute(STAGE)
    for table in (file.table for file in files):
        if not (issubclass(table.model, Record) and hasattr(table.model, "url_name")):
            continue
        with files_of(folder)(table) as file, cursor.copy("COPY released FROM STDIN") as rows:
            for row in rows_of(file):
                rows.write_row((row["id"],))
    given = {"release": release.pk, "previous": release.previous_id}
    cursor.execute(GO_ON, given)
    cursor.execute(BEGIN, given)
