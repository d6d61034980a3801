"""What waits on the first page of the staff site: one declaration for each queue.

A queue names the rows that somebody should mend, and the form that mends each. `register` adds one;
the first page counts it up to a cap and shows its first rows, by the same number of queries however
many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from registry.admin.filtering import STALE
from registry.admin.queue import CAP, Waiting, details, drafts_of, form_of, in_review, said
from registry.choices import ProposalState, Publication
from registry.models import (
    Citation,
    CityOffice,
    JointPolicy,
    Membership,
    Network,
    PolicyParty,
    Proposal,
    ReviewComment,
)
from registry.models.history import event_model

SHOWN = 5
KEPT = timedelta(minutes=5)
DECIDED_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One row of a queue: what it is called, the address that mends it, and a remark."""

    text: str
    address: str
    remark: str = ""


def lines_of(records: Sequence[Any]) -> list[Line]:
    """Records by their names, each leading to its form."""
    return [Line(str(record), form_of(record)) for record in records]


@dataclass(frozen=True)
class Queue:
    """One kind of work.

    `rows`: all that waits for the account, ordered, as a queryset or anything else that can be sliced.
    `lines`: what to show of the first of them, at a constant number of queries. `permission`: who sees
    it; everybody where it is empty. `all`: the address of the complete list, if there is one. `anchor`:
    the part of its form that each row leads to. `read_from`: for a question that costs too much to be
    asked each time, every table that its answer depends on; the answer, the same for everybody, is kept
    until one of them changes.
    """

    title: str
    rows: Callable[[User], Any]
    lines: Callable[[Sequence[Any]], list[Line]] = lines_of
    permission: str = ""
    all: Callable[[], str] | None = None
    anchor: str = ""
    read_from: tuple[type[models.Model], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A queue as the first page shows it."""

    title: str
    number: str
    lines: list[Line]
    all: str


QUEUES: list[Queue] = []


def register(queue: Queue) -> Queue:
    """Add a queue to the first page, below those there are."""
    QUEUES.append(queue)
    return queue


def look(request: HttpRequest) -> list[Shown]:
    """The queues that the account may see and in which something waits."""
    user: Any = request.user
    seen = [queue for queue in QUEUES if not queue.permission or user.has_perm(queue.permission)]
    return [shown for queue in seen if (shown := _shown(queue, user)).lines]


def _shown(queue: Queue, user: User) -> Shown:
    number, first = _count(queue, user)
    lines = queue.lines(first) if first else []
    if queue.anchor:
        lines = [Line(line.text, f"{line.address}#{queue.anchor}", line.remark) for line in lines]
    return Shown(queue.title, said(number), lines, queue.all() if queue.all else "")


def _count(queue: Queue, user: User) -> tuple[int, list[Any]]:
    """How many rows wait, counted no further than the cap, and the first of them."""
    rows = queue.rows(user)
    if not isinstance(rows, models.QuerySet) or rows.query.combinator:
        found = list(rows[: CAP + 1])
        return len(found), found[:SHOWN]
    # The keys first: what is shown of a row then costs five rows' worth, however many wait.
    if queue.read_from:
        keys: Any = cache.get_or_set(_answered_from(queue), lambda: _keys(rows), KEPT.total_seconds())
    else:
        keys = _keys(rows)
    return len(keys), list(rows.filter(pk__in=keys[:SHOWN])) if keys else []


def _keys(rows: models.QuerySet) -> list[Any]:
    return list(rows.values_list("pk", flat=True)[: CAP + 1])


def _answered_from(queue: Queue) -> str:
    """The newest change of every table that the answer depends on. Two transactions may commit in
    another order than their changes are numbered, hence the limit on how long an answer is kept."""
    newest = [
        event_model(table).objects.order_by("-pgh_id").values_list("pgh_id", "pgh_created_at").first()
        for table in queue.read_from
    ]
    return f"workqueue:{slugify(queue.title)}:{slugify(str(newest))}"


def _list(model: type[models.Model], query: str) -> Callable[[], str]:
    return lambda: f"{reverse(f'admin:registry_{model._meta.model_name}_changelist')}?{query}"


# --- What waits for editors, and what is one's own --------------------------------------------------------


def _waiting(rows: Sequence[Any]) -> list[Line]:
    return [_line(one) for one in details(rows)]


def _line(one: Waiting) -> Line:
    since = f", {one.since:%Y-%m-%d}" if one.since else ""
    return Line(str(one.record), one.page, f"{one.kind}, {one.who}{since}")


def _drafts(rows: Sequence[Any]) -> list[Line]:
    found = details(rows)
    answers = _newest_comments([one.record.pid for one in found])
    return [Line(str(one.record), one.form, answers.get(one.record.pid, "") or one.kind) for one in found]


def _newest_comments(targets: list[Any]) -> dict[Any, str]:
    """The newest comment on each of these, with who made it; one query."""
    comments = ReviewComment.objects.filter(target__in=targets).select_related("by")
    newest = comments.order_by("target", "-pk").distinct("target")
    return {one.target: f"{one.by or 'a former account'}: {one.text[:200]}" for one in newest}


def _proposals(rows: Sequence[Any]) -> list[Line]:
    from django.contrib import admin

    from registry.admin.proposals import attach_records

    found = list(rows)
    attach_records(admin.site, found)
    answers = _newest_comments([one.pid for one in found])
    return [_proposal_line(one, answers.get(one.pid, "")) for one in found]


def _proposal_line(proposal: Any, answer: str) -> Line:
    name = str(proposal.record) if proposal.record else "a record that is gone"
    address = reverse("admin:registry_proposal_change", args=[proposal.pk])
    about = proposal.reason[:200] if proposal.state == ProposalState.OPEN else proposal.get_state_display()
    return Line(name, address, " · ".join(part for part in (about, answer) if part))


def _own_proposals(user: User) -> models.QuerySet:
    """Undecided proposals of one's own, and what became of the others lately."""
    undecided = Q(state__in=[ProposalState.OPEN, ProposalState.RETURNED])
    lately = Q(state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED])
    lately &= Q(decided_at__gte=timezone.now() - DECIDED_SHOWN)
    returned_first = models.Case(models.When(state=ProposalState.RETURNED, then=0), default=1)
    own = Proposal.objects.filter(undecided | lately, proposed_by=user)
    return own.order_by(returned_first, "-proposed_at", "-pk")


register(
    Queue(
        "In review",
        lambda user: in_review(),
        _waiting,
        permission="registry.publish_network",
        all=lambda: reverse("admin:review"),
    )
)
register(
    Queue(
        "Proposed changes",
        lambda user: Proposal.objects.filter(state=ProposalState.OPEN).order_by("-proposed_at", "pk"),
        _proposals,
        permission="registry.publish_network",
        all=_list(Proposal, "state__exact=open"),
    )
)
register(Queue("My proposals", _own_proposals, _proposals, all=_list(Proposal, "whose=mine")))
register(Queue("My drafts", drafts_of, _drafts))


# --- What should be mended --------------------------------------------------------------------------------


def _unsourced(model: Any, target: str, related: tuple[str, ...], user: User) -> models.QuerySet:
    """Published records of a kind that no source supports, the newest first."""
    cited = Citation.objects.filter(**{target: OuterRef("pk")})
    bare = model._default_manager.filter(~Exists(cited), publication=Publication.PUBLISHED)
    return bare.select_related(*related).order_by("-pk")


def _unchecked_networks(user: User) -> models.QuerySet:
    unchecked: Any = Network.objects.unchecked_since(timezone.localdate() - STALE)
    return unchecked.order_by("name", "pk")


def _vacant_offices(user: User) -> models.QuerySet:
    vacant: Any = CityOffice.objects.vacant_on(timezone.localdate())
    return vacant.select_related("city__country").order_by("name", "pk")


for _title, _model, _target, _related in (
    ("Memberships without a source", Membership, "membership", ("city__country", "network")),
    ("Parties without a source", PolicyParty, "party", ("city__country", "policy")),
    ("Joint policies without a source", JointPolicy, "policy", ()),
    ("Offices without a source", CityOffice, "office", ("city__country",)),
):
    register(
        Queue(
            _title,
            partial(_unsourced, _model, _target, _related),
            permission=f"registry.change_{_model._meta.model_name}",
            all=_list(_model, "evidence=unsourced&publication__exact=published"),
            anchor="citations-group",
            read_from=(_model, Citation),
        )
    )
register(
    Queue(
        "Networks whose member list nobody checked for two years",
        _unchecked_networks,
        permission="registry.change_network",
        all=_list(Network, "roster=unchecked"),
        anchor="roster_confirmations-group",
    )
)
register(
    Queue(
        "Offices whose holder's term is over",
        _vacant_offices,
        permission="registry.change_cityoffice",
        all=_list(CityOffice, "term=over"),
        anchor="holders-group",
    )
)
