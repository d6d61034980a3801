"""The page of an experiment."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from registry.collaboration.replicate import candidates
from registry.exchange import linked
from registry.models import City, Network, PolicyExperiment
from registry.views.details.base import Heading, RecordView, Some
from registry.views.details.evidence import Evidence

SHOWN = 100


def sites() -> Prefetch:
    """The public sites of experiments, by name."""
    return Prefetch("sites", City.objects.public().select_related("country").order_by("name", "pk"))


class ExperimentDetail(RecordView):
    """What was expected, where it is tried, what came of it, who repeated it, sources."""

    records = (
        PolicyExperiment.objects.public()
        .select_related("policy")
        .prefetch_related(sites(), "policy__issues", Prefetch("policy__networks", Network.objects.public()))
    )
    address = "pid"
    as_linked_data = linked.experiment
    template_name = "registry/experiment_detail.html"

    def located(self, slug: str) -> Q:
        """By its permanent identifier, as addresses write it."""
        with suppress(ValueError):
            if str(UUID(slug)) == slug:
                return Q(pid=slug)
        return Q(pk__in=[])

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks("experiment", [record], lambda experiment: _("the facts of this experiment"))
        found: dict[str, Any] = {
            "replications": related(record, "replicates", evidence),
            "originals": related(record, "replicated_by", evidence),
        }
        found["candidates"] = candidates(record)
        evidence.asks(
            "policy", [record.policy], lambda policy: _("the record of %(name)s") % {"name": policy}
        )
        return {**found, "contents": contents(record, found)}


def contents(record: Any, found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    originals = [Heading("originals", _("What it replicates"), found["originals"].total)]
    return [
        Heading("sites", _("Sites"), len(record.sites.all())),
        Heading("replications", _("Replications"), found["replications"].total),
        *(originals if found["originals"] else []),
        Heading("candidates", _("Who could replicate it next"), len(found["candidates"])),
        Heading("sources", _("How do we know?")),
    ]


def related(experiment: Any, end: str, evidence: Evidence) -> Some:
    """Public experiments that replicate this one (`replicates`), or that it replicates (`replicated_by`)."""
    rows = PolicyExperiment.objects.public().filter(**{end: experiment}).order_by("policy__name", "pk")
    shown = rows.select_related("policy").prefetch_related(sites())
    some = Some.of(shown, SHOWN, rows.count())
    evidence.asks("experiment", some.rows, lambda row: _("experiment of %(name)s") % {"name": row.policy})
    return some
