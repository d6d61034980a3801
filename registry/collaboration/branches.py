"""Issues gathered under those a reader can tell apart: the columns of a matrix, the colours of a graph."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from registry.models import Issue


@dataclass(frozen=True)
class Branch:
    """An issue that stands for itself and all below it; `alone` if for itself only, beside its branches."""

    issue: Issue
    alone: bool = False

    def __str__(self) -> str:
        if not self.alone:
            return self.issue.name
        return gettext("%(issue)s, in general") % {"issue": self.issue.name}


def branches(asked: list[Issue] | None = None) -> dict[int, Branch]:
    """For each issue the branch it belongs to, by keys.

    Where nothing is asked for these are the highest issues. An issue asked for is divided into those right
    below it, and itself for what is recorded on nothing narrower.
    """
    issues = {issue.pk: issue for issue in Issue.objects.select_related(None)}
    inside = {issue.pk for issue in asked or []}
    found: dict[int, Branch] = {}
    for issue in issues.values():
        line = _line(issue, issues)
        if not asked:
            found[issue.pk] = Branch(line[-1])
            continue
        place = next((place for place, above in enumerate(line) if above.pk in inside), None)
        if place is not None:
            divided = place == 0 and any(other.parent_id == issue.pk for other in issues.values())
            found[issue.pk] = Branch(line[max(place - 1, 0)], alone=divided)
    return found


def _line(issue: Issue, issues: dict[int, Issue]) -> list[Issue]:
    """An issue and those above it, the nearest first."""
    line = [issue]
    while line[-1].parent_id is not None:
        line.append(issues[line[-1].parent_id])
    return line
