"""What reviewers and authors say to each other about a record or a proposal."""

from __future__ import annotations

from typing import Any

from registry.models import ReviewComment

SHOWN = 50


def comments_on(target: Any) -> list[ReviewComment]:
    """The newest comments on a record or proposal, in the order in which they were made."""
    said = ReviewComment.objects.filter(target=target.pid).select_related("by")
    return list(said.order_by("-pk")[:SHOWN])[::-1]
