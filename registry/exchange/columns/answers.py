"""Columns of what is found by words, and of what is compared: records of several kinds in one file."""

from django.utils.translation import gettext_lazy as _

from registry.exchange.columns.base import Column, Field, Listing, text


def _record(of: str = "record.") -> Column:
    fields = (
        Field("id", "The permanent identifier of the record.", "record.pid"),
        Field("name", "Its name, or what stands for it.", f"{of}name"),
        Field("slug", "The last part of the address of its page.", f"{of}slug"),
    )
    return Column("name", _("Record"), "heading", fields, f"{of}name", shown=True)


RESULTS = Listing(
    name="search",
    title=_("Search"),
    row=_("One row is a record one of whose names answers to the words, the best first."),
    gathered=_("At most 100 of each kind are ranked."),
    columns=(
        _record(of=""),
        text("kind", _("Kind"), "What kind of record it is.", path="match.kind"),
        text("matched", _("Matched"), "The name that answers.", path="match.name"),
        text("why", _("Why"), "What that name is to the record; blank where it is its title."),
    ),
)

COMPARISON = Listing(
    name="compare",
    title=_("Comparison"),
    row=_("One row is a record that one or more of those compared have."),
    gathered=_("All that is recorded, at whatever time."),
    columns=(
        _record(),
        text("aspect", _("Aspect"), "What it is to them: issues, networks, policies, partners or members."),
        Column(
            "had_by",
            _("Had by"),
            "records",
            (
                Field("had_by_ids", "The identifiers of those that have it.", "had_by.pid", many=True),
                Field("had_by_names", "Their names.", "had_by.name", many=True),
            ),
        ),
    ),
)
