"""What every record has: a permanent identifier, a publication state, an address."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Any, ClassVar, cast

import pgtrigger
from anyascii import anyascii
from django.apps import apps
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify

from registry.choices import Publication
from registry.models.constraints import FieldCheck, FieldUnique, one_of
from registry.models.dates import DatedQuerySet

SLUG_LENGTH = 120
UNPUBLISHED = (Publication.DRAFT, Publication.IN_REVIEW)


class Fold(Func):
    """Text as names are compared: lower case, without accents, punctuation as spaces."""

    function = "registry_fold"
    output_field = models.TextField()


class Stems(Func):
    """The words of a folded text as they are and by their English, French and Spanish stems."""

    function = "registry_stems"
    output_field = SearchVectorField()


def search_indexes(prefix: str, folded: Any = None, words: Any = None) -> list[models.Index]:
    """Indexes by which a record is found by its whole name, and by words of it or of a longer text."""
    text = folded or F("folded")
    return [
        models.Index(OpClass(text, "text_pattern_ops"), name=f"{prefix}_folded"),
        GinIndex(Stems(words or text), name=f"{prefix}_stems"),
    ]


class IsAmong(Func):
    """Whether a value is one of an array's.

    Every plan reads the array first; a subquery of rows may be joined as a table and read again for each
    record, or turned round and asked of every record there is.
    """

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class IsInString(Func):
    """Whether a city is in a string of bits (migration 0038)."""

    function = "registry_is_in"
    output_field = models.BooleanField()


class IsAmongMany(Func):
    """Whether a city is one of an array's, asked of every row of a large table: the array, then the city.

    The array is made a string of bits once, and a row costs next to nothing whatever its length is.
    """

    template = "registry_is_in((SELECT registry_city_string(%(expressions)s)"
    arg_joiner = ")), "
    output_field = models.BooleanField()


# Country codes come again and again.
@lru_cache(maxsize=1000)
def _plain(text: str) -> str:
    return slugify(anyascii(text).replace("_", " "))


def slug_for(*parts: str) -> str:
    """The address of a text in any script: `São Paulo`, `BR` → `sao-paulo-br`.

    Where it grows too long the first part is cut, since the others tell namesakes apart.
    """
    first, *others = map(_plain, parts)
    ending = "".join(f"-{part}" for part in others if part)
    return f"{first[: SLUG_LENGTH - len(ending)].rstrip('-')}{ending}".strip("-")


def count_rows(rows: models.QuerySet, by: str, what: str = "pk") -> Coalesce:
    """How many distinct `what` among `rows` belong to the outer row through the foreign key `by`."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(mine.annotate(rows=Count(what, distinct=True)).values("rows")), 0)


def estimated_rows(model: type[models.Model]) -> float:
    """How many rows the planner reckons a table has: free of cost where counting millions is not.

    Good for choosing between two ways to one answer, never for an answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        return cursor.fetchone()[0]


def ends_are_public(model: type[PublicRecord], *, known: str = "", prefix: str = "") -> list[Q]:
    """That the ends of a row of this model are published, and of those it may have, the one it has.

    Of the `known` end it is known already. `prefix` leads to the row from what is asked.
    """
    needed = [
        Q(**{f"{prefix}{end}__publication": Publication.PUBLISHED})
        for end in model.public_ends
        if end != known
    ]
    either = [
        Q(**{f"{prefix}{end}__isnull": True}) | Q(**{f"{prefix}{end}__publication": Publication.PUBLISHED})
        for end in model.public_ends_if_any
    ]
    return [*needed, *either]


def leads_to_public(end: str, model: type[PublicRecord]) -> Q:
    """That the row of this model to which a foreign key leads is public."""
    return Q(*ends_are_public(model, prefix=f"{end}__"), **{f"{end}__publication": Publication.PUBLISHED})


class PublicQuerySet(DatedQuerySet):
    """What the public may see, written once for each kind of record."""

    def public(self, known: str = "") -> Any:
        """Published records whose every end (`public_ends` of the model) is published too.

        An end is `known` where these rows are only asked of public records at that end: to read each
        of them again, for a million memberships, would cost more than the rest of the question.
        """
        ends = ends_are_public(cast("type[PublicRecord]", self.model), known=known)
        return self.filter(*ends, publication=Publication.PUBLISHED)

    def nearly_all_public(self, known: str = "") -> Any:
        """The rows of `public()`, for a question of nearly all of them.

        At each end the few records that are not published are told, and no end is read.
        """
        model = cast("type[PublicRecord]", self.model)
        hidden = [
            Q(**{f"{end}__in": kind._base_manager.filter(publication__in=UNPUBLISHED).values("pk")})
            for end in model.public_ends
            if end != known and (kind := cast(Any, model._meta.get_field(end).related_model))
        ]
        return self.filter(*(~one for one in hidden), publication=Publication.PUBLISHED)


class Record(models.Model):
    """A row with an identity of its own.

    `pid` is opaque and permanent: the API, exports and citations name a record by it, and the
    database refuses to change it.
    """

    pid = models.UUIDField(
        "permanent identifier",
        default=uuid.uuid4,
        db_default=RandomUUID(),
        unique=True,
        editable=False,
    )

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="pid_is_permanent",
                operation=pgtrigger.UpdateOf("pid"),
                condition=pgtrigger.Q(old__pid__df=pgtrigger.F("new__pid")),
            )
        ]


class PublicRecord(Record):
    """A record that goes from draft through review to the public site.

    `public_ends` names the foreign keys that must be published before this row can be public, and
    `public_ends_if_any` those of which a row has only one. Any other nullable foreign key is no end: pages
    that show it fetch it through its own `.public()`.
    """

    public_ends: ClassVar[tuple[str, ...]] = ()
    public_ends_if_any: ClassVar[tuple[str, ...]] = ()
    # The events that brought what is no news: the gazetteer's places.
    brought: ClassVar[Q | None] = None

    publication = models.CharField(
        max_length=9,
        choices=Publication,
        default=Publication.DRAFT,
        db_default=Publication.DRAFT,
        help_text="Only published records appear on the public site.",
    )
    note = models.TextField(
        blank=True,
        db_default="",
        help_text="For staff only; never shown to the public.",
    )

    objects: ClassVar[models.Manager[Any]] = PublicQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [one_of("publication", Publication, "Choose draft, in review or published.")]
        # Small, since nearly all is published: what waits is found without reading a million rows.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["publication", "id"],
                condition=Q(publication__in=UNPUBLISHED),
                name="%(class)s_unpublished",
            )
        ]


class Named(Record):
    """A record with a page: its name and its current address.

    The database keeps every address that was ever given (see `Alias`) and gives none to a second
    record.
    """

    url_name: ClassVar[str]

    name = models.CharField(max_length=300)
    slug = models.SlugField(
        "address",
        max_length=SLUG_LENGTH,
        blank=True,
        db_index=False,  # its unique constraint has one
        help_text="The last part of the page's address. Made from the name when left empty.",
    )
    folded = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        abstract = True
        constraints = [
            FieldUnique(
                fields=["slug"],
                name="%(app_label)s_%(class)s_slug_unique",
                field="slug",
                violation_error_message="Another record has this address.",
            ),
            FieldCheck(
                name="%(app_label)s_%(class)s_slug_shape",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                field="slug",
                violation_error_message="An address has small letters, digits and single hyphens.",
            ),
            FieldCheck(
                name="%(app_label)s_%(class)s_name_not_blank",
                condition=Q(name__regex=r"\S"),
                field="name",
                violation_error_message="A name is needed.",
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.slug])

    @property
    def local_name(self) -> str:
        """The name as the reader's language has it (see `registry.models.names`)."""
        return self.name

    def slug_parts(self) -> tuple[str, ...]:
        """The texts that the address of a new record is made from."""
        return (self.name,)

    def clean(self) -> None:
        super().clean()
        if not self.slug:
            self.slug = self._free_slug()
        elif self._slugs_of_others([self.slug]):
            raise ValidationError({"slug": "This address belonged to another record and stays with it."})

    def _slugs_of_others(self, slugs: list[str]) -> set[str]:
        """Those of `slugs` that were once given to other records of this kind."""
        aliases = apps.get_model("registry", "Alias").objects
        retired = aliases.filter(kind=self._meta.model_name, slug__in=slugs).exclude(owner=self.pid)
        return set(retired.values_list("slug", flat=True))

    def wanted_slugs(self) -> list[str]:
        """Addresses for a new record, the best first; numbers make them differ where all are taken."""
        return [slug_for(*self.slug_parts()) or str(self._meta.model_name)]

    def _free_slug(self) -> str:
        wanted = self.wanted_slugs()
        stem = wanted[-1][: SLUG_LENGTH - 4].rstrip("-")
        numbered = [f"{stem}-{number}" for number in range(2, 100)]
        return self._first_free(wanted) or self._first_free(numbered) or f"{stem[:80].rstrip('-')}-{self.pid}"

    def _first_free(self, slugs: list[str]) -> str | None:
        records = type(self)._base_manager.exclude(pk=self.pk).filter(slug__in=slugs)
        taken = {*records.values_list("slug", flat=True), *self._slugs_of_others(slugs)}
        return next((slug for slug in slugs if slug not in taken), None)
