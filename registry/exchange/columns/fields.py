"""What the fields of records are called where a change of theirs is told: Django names them in English."""

from typing import Any

from django.db.models import Field
from django.utils.translation import pgettext_lazy

NAMES: dict[str, Any] = {
    "acronym": pgettext_lazy("field", "acronym"),
    "address": pgettext_lazy("field", "address"),
    "authors": pgettext_lazy("field", "authors"),
    "city": pgettext_lazy("field", "city"),
    "closed": pgettext_lazy("field", "closed"),
    "comparator": pgettext_lazy("field", "comparator"),
    "complete": pgettext_lazy("field", "complete"),
    "confirmed on": pgettext_lazy("field", "confirmed on"),
    "country": pgettext_lazy("field", "country"),
    "date of publication": pgettext_lazy("field", "date of publication"),
    "description": pgettext_lazy("field", "description"),
    "dissolved": pgettext_lazy("field", "dissolved"),
    "ended": pgettext_lazy("field", "ended"),
    "established": pgettext_lazy("field", "established"),
    "first-level division": pgettext_lazy("field", "first-level division"),
    "founded": pgettext_lazy("field", "founded"),
    "founding member": pgettext_lazy("field", "founding member"),
    "hosts the network": pgettext_lazy("field", "hosts the network"),
    "how": pgettext_lazy("field", "how"),
    "hypothesis": pgettext_lazy("field", "hypothesis"),
    "issue": pgettext_lazy("field", "issue"),
    "kind": pgettext_lazy("field", "kind"),
    "language": pgettext_lazy("field", "language"),
    "latitude": pgettext_lazy("field", "latitude"),
    "link": pgettext_lazy("field", "link"),
    "longitude": pgettext_lazy("field", "longitude"),
    "name": pgettext_lazy("field", "name"),
    "network": pgettext_lazy("field", "network"),
    "observed on": pgettext_lazy("field", "observed on"),
    "office": pgettext_lazy("field", "office"),
    "organisation": pgettext_lazy("field", "organisation"),
    "other city": pgettext_lazy("field", "other city"),
    "other network": pgettext_lazy("field", "other network"),
    "other office": pgettext_lazy("field", "other office"),
    "outcome": pgettext_lazy("field", "outcome"),
    "outputs": pgettext_lazy("field", "outputs"),
    "person name": pgettext_lazy("field", "person name"),
    "policy": pgettext_lazy("field", "policy"),
    "population": pgettext_lazy("field", "population"),
    "population year": pgettext_lazy("field", "population year"),
    "region": pgettext_lazy("field", "region"),
    "role": pgettext_lazy("field", "role"),
    "scope": pgettext_lazy("field", "scope"),
    "secretariat city": pgettext_lazy("field", "secretariat city"),
    "since": pgettext_lazy("field", "since"),
    "status": pgettext_lazy("field", "status"),
    "summary": pgettext_lazy("field", "summary"),
    "tier": pgettext_lazy("field", "tier"),
    "title": pgettext_lazy("field", "title"),
    "until": pgettext_lazy("field", "until"),
    "website": pgettext_lazy("field", "website"),
    # The same in every language.
    **{name: name for name in ("GeoNames", "UN/LOCODE", "Wikidata")},
}


def field_name(field: "Field[Any, Any]") -> str:
    """What the field is called in the reader's language."""
    return str(NAMES[str(field.verbose_name)])
