"""Form fields that read the parameters of an address and say in words what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, TextChoices, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.choices import RecordKind
from registry.exchange.columns import Listing
from registry.exchange.formats import ATOM, formats_of
from registry.filters.given import check_text, several_given
from registry.models import (
    City,
    CityName,
    CityOffice,
    Country,
    Dataset,
    Division,
    Issue,
    JointPolicy,
    Network,
    NetworkName,
    Organisation,
)
from registry.models.aliases import find_by_old_slug
from registry.models.base import Fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_VALUES = 50
CANDIDATES = 5


class Ambiguous(ValidationError):
    """Several records have the name given; `candidates` are those to choose from."""

    def __init__(self, message: str, candidates: list[Any]) -> None:
        super().__init__(message, code="ambiguous")
        self.candidates = candidates


class QueryField(forms.CharField):
    """Words to look for in names."""

    takes = "words, at most 200 characters; all of them must be in one name, in any order"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "label": _("Name"), **kwargs})

    def validate(self, value: str) -> None:
        super().validate(value)
        check_text(value)
        if value and not any(character.isalnum() for character in value):
            raise ValidationError(
                gettext("Write at least one letter or digit to look for."), code="no_letters"
            )


class ValuesField(forms.Field):
    """A parameter that may be repeated; its values are alternatives."""

    widget = forms.SelectMultiple
    takes = ""
    example: StrOrPromise = _("name or address")

    def clean(self, value: Any) -> list[Any]:
        """What each value given stands for, in the order given."""
        given = list(dict.fromkeys(text for raw in value or [] if (text := str(raw).strip())))
        if len(given) > MOST_VALUES:
            raise ValidationError(
                gettext("At most %(most)s values can be given.") % {"most": MOST_VALUES}, code="too_many"
            )
        for text in given:
            check_text(text)
        return self.resolve(given) if given else []

    def resolve(self, given: list[str]) -> list[Any]:
        """The things that these texts name; raises ValidationError for the first that names none."""
        raise NotImplementedError

    @staticmethod
    def key(value: Any) -> str:
        """How a thing is written in an address."""
        return str(value)

    @staticmethod
    def words(value: Any) -> str:
        """How a thing is named on a page."""
        return str(value)


class ChoicesField(ValuesField):
    """Values of a short list."""

    def __init__(
        self, *, choices: type[TextChoices] | Iterable[tuple[str, StrOrPromise]], **kwargs: Any
    ) -> None:
        pairs = choices.choices if isinstance(choices, type) else choices
        self.choices = {str(value): words for value, words in pairs}
        super().__init__(**kwargs)

    def resolve(self, given: list[str]) -> list[str]:
        for text in given:
            if text not in self.choices:
                allowed = ", ".join(self.choices)
                raise ValidationError(
                    gettext("“%(given)s” is not one of: %(allowed)s.")
                    % {"given": text[:40], "allowed": allowed},
                    code="unknown_choice",
                )
        return given

    def words(self, value: str) -> str:  # type: ignore[override]
        return str(self.choices[value])


class ChoiceField(ChoicesField):
    """One value of a short list."""

    def resolve(self, given: list[str]) -> list[str]:
        if len(given) > 1:
            raise several_given(len(given))
        return super().resolve(given)


class FormatField(ChoiceField):
    """A format of files that means something for the listing, or the feed where there is one."""

    def __init__(self, *, listing: str, feed: bool = True, **kwargs: Any) -> None:
        formats: dict[str, StrOrPromise] = {name: one.label for name, one in formats_of(listing).items()}
        if feed:
            formats[ATOM] = _("Atom feed")
        super().__init__(choices=formats.items(), **kwargs)


class ColumnsField(ValuesField):
    """Columns of a listing, also several in one value, set apart by commas."""

    def __init__(self, *, listing: Listing, **kwargs: Any) -> None:
        self.choices = {column.name: str(column.label) for column in listing.columns}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        given = [part for text in value or [] for part in str(text).split(",")]
        return super().clean(given)

    def resolve(self, given: list[str]) -> list[str]:
        for text in given:
            if text not in self.choices:
                raise ValidationError(
                    gettext("“%(given)s” is not a column here. There are: %(allowed)s.")
                    % {"given": text[:40], "allowed": ", ".join(self.choices)},
                    code="unknown_column",
                )
        return given

    def words(self, value: str) -> str:  # type: ignore[override]
        return str(self.choices[value])


class DecadesField(ValuesField):
    """Decades: 1990 or 1990s."""

    takes = "`1990` or `1990s`"
    example = _("1990, 1990s")

    def resolve(self, given: list[str]) -> list[str]:
        decades = [text.lower().removesuffix("s") for text in given]
        for text, decade in zip(given, decades, strict=True):
            four_digits = len(decade) == 4 and decade.isascii() and decade.isdigit()
            if not (four_digits and decade.endswith("0") and 1000 <= int(decade) <= 2990):
                raise ValidationError(
                    gettext("“%(given)s” is not a decade: write 1990 or 1990s.") % {"given": text[:40]},
                    code="decade",
                )
        return decades

    @staticmethod
    def words(value: str) -> str:
        return gettext("%(year)ss") % {"year": value}


class CountriesField(ValuesField):
    """Countries by their two-letter codes, or by name."""

    takes = "ISO 3166-1 alpha-2 code in either case, such as `FR`, or the country's name"

    def resolve(self, given: list[str]) -> list[Country]:
        found: dict[str, Country] = {}
        for country in Country.objects.all():
            names = (country.name.upper(), country.local_name.upper())
            found |= dict.fromkeys((country.alpha2, country.alpha3, *names), country)
        for text in given:
            if text.upper() not in found:
                raise ValidationError(
                    gettext(
                        "No country has the code “%(given)s”. Codes have two letters, such as FR for France."
                    )
                    % {"given": text[:40]},
                    code="unknown_country",
                )
        return list(dict.fromkeys(found[text.upper()] for text in given))

    @staticmethod
    def key(value: Country) -> str:
        return value.alpha2


class DivisionsField(ValuesField):
    """First-level divisions by ISO 3166-2 or GeoNames code."""

    takes = "ISO 3166-2 code, such as `US-NY`, or GeoNames code, such as `BR.27`"
    example = _("code, such as US-NY")

    def resolve(self, given: list[str]) -> list[Division]:
        codes = {text: text.upper() for text in given}
        rows = Division.objects.filter(Q(code__in=codes.values()) | Q(iso_code__in=codes.values()))
        found = {code: row for row in rows for code in (row.code, row.iso_code) if code}
        for text, code in codes.items():
            if code not in found:
                raise ValidationError(
                    gettext(
                        "No division has the code “%(given)s”. Codes are ISO 3166-2 where known, such as "
                        "US-NY, or of GeoNames, such as BR.27."
                    )
                    % {"given": text[:40]},
                    code="unknown_division",
                )
        return list(dict.fromkeys(found[code] for code in codes.values()))

    @staticmethod
    def key(value: Division) -> str:
        return value.iso_code or value.code


class RecordsField(ValuesField):
    """Records by the last part of their address, by an old one, or by a name that only one has."""

    takes = "last part of the record's address, or a name that no other has"
    kind: RecordKind
    unknown: Any

    def __init__(self, *, records: Callable[[], QuerySet], **kwargs: Any) -> None:
        self.records = records
        super().__init__(**kwargs)

    def resolve(self, given: list[str]) -> list[Any]:
        found = {record.slug: record for record in self.records().filter(slug__in=given)}
        return list(dict.fromkeys(found.get(text) or self._by_other_words(text) for text in given))

    def _by_other_words(self, text: str) -> Any:
        moved = find_by_old_slug(self.records().model, text)
        if moved and (record := self.records().filter(pk=moved.pk).first()):
            return record
        named = list(self.named(text)[: CANDIDATES + 1])
        if len(named) == 1:
            return named[0]
        if not named:
            raise ValidationError(
                f"{self.unknown % {'given': text[:60]}} "
                + gettext("Give its address, as in the link to its page, or its whole name."),
                code="unknown_record",
            )
        if len(named) <= CANDIDATES:
            words = gettext("Several records are named “%(given)s”. Choose one:")
        else:
            words = gettext("Many records are named “%(given)s”. Choose one:")
        raise Ambiguous(words % {"given": text[:60]}, named[:CANDIDATES])

    def named(self, text: str) -> QuerySet:
        """Records of exactly this name, accents and case aside."""
        return self.records().filter(folded=Fold(Value(text))).order_by("name", "pk")

    @staticmethod
    def key(value: Any) -> str:
        return value.slug

    @staticmethod
    def words(value: Any) -> str:
        return value.local_name


class CitiesField(RecordsField):
    """Cities by address or by any of their names."""

    kind = RecordKind.CITY
    unknown = _("The registry has no city “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=_cities, **kwargs)

    def named(self, text: str) -> QuerySet:
        of_that_name = CityName.objects.filter(folded=Fold(Value(text)))
        rows = self.records().filter(pk__in=of_that_name.values("city"))
        return rows.select_related("division").order_by("-population", "pk")

    @staticmethod
    def words(value: City) -> str:
        return f"{value}, {value.country}"


class NetworksField(RecordsField):
    """Networks by address, name or acronym."""

    kind = RecordKind.NETWORK
    unknown = _("The registry has no network “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=Network.objects.public, **kwargs)

    def named(self, text: str) -> QuerySet:
        other_names = NetworkName.objects.filter(folded=Fold(Value(text)))
        return (
            self.records()
            .filter(
                Q(folded=Fold(Value(text)))
                | Q(acronym__iexact=text)
                | Q(pk__in=other_names.values("network"))
            )
            .order_by("name", "pk")
        )


class IssuesField(RecordsField):
    """Issues by address or name."""

    takes = "last part of the issue's address, or its name; issues below it are included"
    kind = RecordKind.ISSUE
    unknown = _("The registry has no issue “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=Issue.objects.all, **kwargs)


class PoliciesField(RecordsField):
    """Joint policies by address or name."""

    kind = RecordKind.POLICY
    unknown = _("The registry has no joint policy “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=JointPolicy.objects.public, **kwargs)


class OfficesField(RecordsField):
    """Offices by address or name."""

    kind = RecordKind.OFFICE
    unknown = _("The registry has no office “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=CityOffice.objects.public, **kwargs)


class DatasetsField(RecordsField):
    """Research tables by address or name."""

    unknown = _("The registry has no research table “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=Dataset.objects.public, **kwargs)


class OrganisationsField(RecordsField):
    """Organisations by address or name."""

    kind = RecordKind.ORGANISATION
    unknown = _("The registry has no organisation “%(given)s”.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(records=Organisation.objects.public, **kwargs)


class NumberField(forms.Field):
    """A whole number of at most seven digits within bounds."""

    def __init__(self, *, lowest: int, highest: int, message: Any, **kwargs: Any) -> None:
        self.lowest, self.highest, self.message = lowest, highest, message
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        """The number, or None where nothing is given."""
        text = str(value or "").strip()
        if not text:
            return None
        short = text.isascii() and text.isdigit() and len(text) <= 7
        if not short or not self.lowest <= int(text) <= self.highest:
            raise ValidationError(self.message % {"given": text[:20]}, code="number")
        return int(text)


def _cities() -> QuerySet:
    return City.objects.public().select_related("country")
