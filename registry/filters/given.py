"""Values of parameters as they are given: what no value can be, and one value where several are given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext

LONGEST_VALUE = 200


def check_text(value: str) -> None:
    """Refuse what no name in the registry can be."""
    if "\x00" in value:
        raise ValidationError(
            gettext("There is a character in it that no text has (NUL)."), code="null_character"
        )
    if len(value) > LONGEST_VALUE:
        raise ValidationError(
            gettext("This is too long: %(most)s characters at most, not %(number)s.")
            % {"most": LONGEST_VALUE, "number": number_format(len(value), force_grouping=True)},
            code="too_long",
        )


def several_given(number: int) -> ValidationError:
    """What to raise where one value is wanted and several are given."""
    words = gettext("Only one value is allowed here; %(number)s are given.")
    return ValidationError(words % {"number": number}, code="repeated")


def the_one(data: Any, name: str) -> str:
    """The value of a parameter that takes one; the same again, or an empty one beside it, changes nothing.

    Raises ValidationError where there are several.
    """
    texts = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
    given = list(dict.fromkeys(text for raw in texts if (text := str(raw or "").strip())))
    if len(given) > 1:
        raise several_given(len(given))
    return given[0] if given else ""


class OneValue(forms.TextInput):
    """Reads a parameter that takes one value; `FilterForm` refuses several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """The value, or of several the last."""
        try:
            return the_one(data, name)
        except ValidationError:
            return data[name]
