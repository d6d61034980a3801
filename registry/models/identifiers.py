"""Outside identifiers of records."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from registry.choices import IdentifierScheme
from registry.models.constraints import FieldUnique, exactly_one, not_blank, one_of
from registry.models.history import tracked

IDENTIFIED = ["city", "network", "policy", "organisation", "office", "report"]
SHAPES = {
    IdentifierScheme.WIKIDATA: RegexValidator(
        r"^Q[1-9][0-9]*$", "A Wikidata item is a Q and a number: Q174."
    ),
    IdentifierScheme.ROR: RegexValidator(r"^0[a-z0-9]{8}$", "A ROR identifier is a 0 and eight characters."),
    IdentifierScheme.WEB_DOMAIN: RegexValidator(
        r"^([a-z0-9-]+\.)+[a-z]{2,}$",
        "A web domain is written like c40.org, without https:// and path.",
    ),
    IdentifierScheme.DOI: RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI begins with 10. and has a slash."),
}

# Where each scheme shows what it knows of an identifier; the others have no such page.
PAGES = {
    IdentifierScheme.WIKIDATA: "https://www.wikidata.org/wiki/{}",
    IdentifierScheme.ROR: "https://ror.org/{}",
    IdentifierScheme.ISNI: "https://isni.org/isni/{}",
    IdentifierScheme.WEB_DOMAIN: "https://{}/",
    IdentifierScheme.DOI: "https://doi.org/{}",
}


def _identifies(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        f"registry.{model}",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="identifiers",
    )


@tracked
class Identifier(models.Model):
    """An outside identifier of one record: a scheme and a value, unique within the scheme."""

    scheme = models.CharField(max_length=10, choices=IdentifierScheme)
    value = models.CharField(max_length=200)

    city = _identifies("City")
    network = _identifies("Network")
    policy = _identifies("JointPolicy")
    organisation = _identifies("Organisation")
    office = _identifies("CityOffice")
    report = _identifies("Report")

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            FieldUnique(
                fields=["scheme", "value"],
                name="registry_identifier_unique",
                field="value",
                violation_error_message="Another record has this identifier.",
            ),
            exactly_one(IDENTIFIED, "An identifier belongs to exactly one record."),
            one_of("scheme", IdentifierScheme, "Choose one of the schemes."),
            not_blank("value"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    @property
    def page(self) -> str:
        """The address at which the scheme tells of this record; empty where it has none."""
        return PAGES[self.scheme].format(self.value) if self.scheme in PAGES else ""  # type: ignore[index]

    def clean(self) -> None:
        super().clean()
        shape = SHAPES.get(self.scheme)  # type: ignore[call-overload]
        try:
            if shape and self.value:
                shape(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error}) from error
