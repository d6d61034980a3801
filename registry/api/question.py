"""What a request asks for, read strictly: whatever is not understood is refused with what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from registry.api.problems import Refused, TooLarge
from registry.api.resources import RESOURCES, Resource
from registry.api.rows import Tree
from registry.exchange.columns import Field
from registry.filters.fields import MOST_VALUES, ValuesField

DEEPEST = 2
MOST_EMBEDS = 6
FORMAT = "json"
MOST_BYTES = 8 * 2**20
# Parameters of the API itself, beside those of the listing.
OF_ALL = ("fields", "embed", "format")
Errors = list[tuple[str, str]]


@dataclass(frozen=True)
class Shape:
    """Which fields of a row are asked for, and what is to be embedded."""

    fields: list[Field]
    tree: Tree


def read_shape(resource: Resource, given: QueryDict) -> Shape:
    """The fields and embeddings asked for; raises Refused for those that there are not."""
    errors: Errors = []
    fields = _fields(resource, given, errors)
    tree = _tree(resource, given, errors)
    if (text := str(given.get("format", FORMAT))) != FORMAT:
        words = gettext("“%(given)s” is not one of: %(allowed)s.")
        errors.append(("format", words % {"given": text[:40], "allowed": FORMAT}))
    if errors:
        raise Refused(errors)
    return Shape(fields, tree)


def check_names(given: QueryDict, known: list[str]) -> None:
    """Refuse parameters that there are not, and those without a value."""
    errors: Errors = []
    for name, values in given.lists():
        if name not in known:
            words = gettext("there is no such parameter here. There are: %(known)s.")
            errors.append((name[:40], words % {"known": ", ".join(sorted(known))}))
        elif any(not text.strip() for text in values):
            errors.append((name, gettext("it has no value. Leave it out where nothing is asked of it.")))
    if errors:
        raise Refused(errors)


def check_single(given: QueryDict, names: list[str]) -> None:
    """Refuse a second value of these parameters."""
    if errors := [error for name in names for error in _several(name, given)]:
        raise Refused(errors)


def read_filters(resource: Resource, given: QueryDict) -> Any:
    """The FilterSet of the listing with what is asked of the rows; raises Refused where something is wrong.

    It is asked as for a file, which needs what a page can do without.
    """
    asked = QueryDict(mutable=True)
    errors: Errors = []
    for name, parameter in resource.parameters.items():
        if name not in given:
            if name in resource.needed:
                errors.append((name, gettext("it is needed here.")))
        else:
            asked.setlist(name, given.getlist(name))
            if not issubclass(parameter.field_class, ValuesField):
                errors += _several(name, given)
            elif len(given.getlist(name)) > MOST_VALUES:
                errors.append(
                    (name, gettext("At most %(most)s values can be given.") % {"most": MOST_VALUES})
                )
    asked["format"] = FORMAT
    view = resource.view
    filterset = resource.filterset(asked, queryset=view.queryset.all())
    filterset.is_valid()
    for name, messages in filterset.form.errors.items():
        errors.append((name, " ".join(map(str, messages))))
    if errors:
        raise Refused(dict(errors).items())
    return filterset


def _several(name: str, given: QueryDict) -> Errors:
    if len(given.getlist(name)) < 2:
        return []
    words = gettext("Only one value is allowed here; %(number)s are given.")
    return [(name, words % {"number": len(given.getlist(name))})]


def _fields(resource: Resource, given: QueryDict, errors: Errors) -> list[Field]:
    known = resource.fields
    names = dict.fromkeys(part.strip() for part in str(given.get("fields", "")).split(","))
    if "fields" not in given:
        return list(known.values())
    for name in names:
        if name not in known:
            words = gettext("“%(given)s” is not a field here. There are: %(allowed)s.")
            errors.append(("fields", words % {"given": name[:40], "allowed": ", ".join(known)}))
            return []
    return [one for name, one in known.items() if name in names]


def _tree(resource: Resource, given: QueryDict, errors: Errors) -> Tree:
    tree: Tree = {}
    if "embed" not in given:
        return tree
    paths = dict.fromkeys(part.strip() for part in str(given["embed"]).split(","))
    if len(paths) > MOST_EMBEDS:
        words = gettext("At most %(most)s values can be given.")
        errors.append(("embed", words % {"most": MOST_EMBEDS}))
        return tree
    for path in paths:
        names = path.split(".")
        if len(names) > DEEPEST:
            words = gettext("“%(given)s” goes too deep: at most %(most)s names, set apart by a full stop.")
            errors.append(("embed", words % {"given": path[:40], "most": DEEPEST}))
            return tree
        if not _add(resource, names, tree):
            errors.append(("embed", _cannot(resource, path)))
            return tree
    return tree


def _add(resource: Resource, names: list[str], tree: Tree) -> bool:
    """Add a path to the tree; whether each of its names can be embedded there."""
    for name in names:
        if name not in resource.embeds:
            return False
        tree = tree.setdefault(name, {})
        resource = RESOURCES[resource.embeds[name].resource]
    return True


def _cannot(resource: Resource, path: str) -> str:
    given = path[:40]
    if not resource.embeds:
        return gettext("“%(given)s” cannot be embedded: nothing can here.") % {"given": given}
    words = gettext("“%(given)s” cannot be embedded here. What can be: %(allowed)s.")
    return words % {"given": given, "allowed": ", ".join(embeddable(resource))}


def embeddable(resource: Resource) -> list[str]:
    """Everything that can be embedded in the rows of a resource, down to the deepest."""
    found = []
    for name, embed in resource.embeds.items():
        found += [name, *(f"{name}.{below}" for below in RESOURCES[embed.resource].embeds)]
    return found


# --- Bodies ----------------------------------------------------------------------------------------------


class StrictJson(JSONParser):
    """Reads JSON; what is nested deeper than can be read is refused like what is no JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The value; raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(gettext("It is nested too deeply.")) from error


def check_length(request: Request, most: int = MOST_BYTES) -> None:
    """Refuse a body that is longer than what is read; raises TooLarge."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > most:
        words = gettext("The body may have at most %(most)s million bytes.")
        raise TooLarge(words % {"most": most // 2**20})


def plain_text(text: str) -> str:
    """The text without halves of characters, which JSON can hold and nothing else."""
    return text.encode("utf-8", "replace").decode()
