"""Questions to a listing that a signed-in person keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.models.constraints import FieldCheck, FieldUnique, not_blank
from registry.models.history import tracked

LISTING_SHAPE = r"^[a-z]+(/[a-z]+)?$"


@tracked
class SavedSearch(models.Model):
    """A listing with a query string, under a name; its owner alone sees it.

    `listing` is the listing's address without what it is asked, `query` its parameters as the listing's
    FilterSet writes them: the same question is always written in the same way.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=200)
    listing = models.CharField(max_length=40)
    query = models.TextField(blank=True, db_default="")

    class Meta:
        verbose_name_plural = "saved searches"
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            not_blank("name"),
            FieldCheck(
                name="registry_savedsearch_listing_shape",
                condition=Q(listing__regex=LISTING_SHAPE),
                field="listing",
                violation_error_message=_("A listing is named by its address: collaborations/measures."),
            ),
            FieldUnique(
                fields=["owner", "listing", "query"],
                name="registry_savedsearch_unique",
                field="query",
                violation_error_message=_("You have saved this search already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        page = reverse("home") + f"{self.listing}/"
        return f"{page}?{self.query}" if self.query else page

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return f"{reverse('home')}{self.listing}/?{self.query}{'&' if self.query else ''}format=atom"
