"""Columns of the changes of the published registry (`registry.exchange.changes.Change`)."""

from django.utils.translation import gettext_lazy as _

from registry.choices import ChangeDone
from registry.exchange.columns.base import Column, Field, Listing, choice, text

CHANGES = Listing(
    name="changes",
    title=_("Changes"),
    row=_(
        "One row is a change of a published record or link: it was published, changed or removed. A removed "
        "one was published until then."
    ),
    gathered=_(
        "Taken from the history that the database keeps of every table. Left out are records that are not "
        "public now, notes for staff, the places that the gazetteer brought, and changes of names, "
        "identifiers, issues and sources."
    ),
    columns=(
        Column(
            "name",
            _("Record"),
            "change",
            (
                Field("id", "The identifier of the change.", "pid"),
                Field("name", "The record, or the records that the link joins."),
                Field("address", "The address of its page; blank where it has none any more."),
            ),
            shown=True,
        ),
        text(
            "at",
            _("When"),
            "The moment of the change, in UTC.",
            path="moment",
            type="datetime",
            kind="moment",
            shown=True,
        ),
        text("kind", _("Kind"), "What kind of record it is.", kind="change-kind", shown=True),
        choice(
            "done",
            _("What happened"),
            "Whether it was published, changed or removed.",
            ChangeDone,
            shown=True,
        ),
        Column(
            "differences",
            _("Fields"),
            "differences",
            (Field("differences", "The fields that changed, before and after.", "differences", many=True),),
            shown=True,
        ),
    ),
)
