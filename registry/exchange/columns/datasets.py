"""Columns of research tables, and of what they say otherwise than others (`registry.exchange.datasets`)."""

from django.utils.translation import gettext_lazy as _

from registry.choices import DatasetAspect
from registry.exchange.columns.base import Column, Field, Listing, choice, heading, number, record, text

DATASETS = Listing(
    name="datasets",
    title=_("Research tables"),
    row=_("One row is a table that researchers published, kept as it was published."),
    gathered=_(
        "Brought in by staff, cell by cell, beside the curated records: it is not corrected, and nothing "
        "of it counts as a membership until staff have made it one."
    ),
    columns=(
        heading(_("Table")),
        text("observed_on", _("Speaks of"), "The date it speaks of.", type="partial-date", shown=True),
        Column(
            "source",
            _("Source"),
            "text",
            (
                Field("source_title", "The title of its source.", "source.title"),
                Field("source_url", "The address of its source.", "source.url"),
            ),
            "source",
            shown=True,
        ),
        text("licence", _("Licence"), "Its licence, as the publisher names it.", shown=True),
        number("row_total", _("Rows"), "How many rows it has.", shown=True),
        number("cell_total", _("Cells"), "How many cells it has."),
        number("placed_total", _("Rows of known cities"), "How many rows speak of a city known.", shown=True),
    ),
)

DIFFERENCES = Listing(
    name="differences",
    title=_("Differences"),
    row=_(
        "One row is a cell of the table that the registry, or another table, does not agree with: one has a "
        "member that the other has not, or another tier, founding or hosting."
    ),
    gathered=_(
        "Computed from the table and the published records. A membership of the registry counts against "
        "a table that denies it only if it is certain on the day that the table speaks of."
    ),
    columns=(
        record("city", _("City"), "The city", shown=True),
        record("network", _("Network"), "The network", shown=True),
        choice("aspect", _("About"), "What they differ on.", DatasetAspect, shown=True),
        text("ours", _("The table says"), "What the table says, in words.", shown=True),
        Column(
            "against",
            _("Against"),
            "text",
            (
                Field(
                    "against_id", "The identifier of the other table; blank for the registry.", "against.pid"
                ),
                Field("against_name", "The other table, or the registry."),
            ),
            "against_name",
            shown=True,
        ),
        text("theirs", _("Which says"), "What the other says, in words.", shown=True),
        text("row_key", _("Row"), "The row of the table: its key, or its number in the file."),
        text("column", _("Column"), "The column of the table."),
        text("value", _("Value"), "The cell as given.", shown=True),
    ),
)
