"""Saved searches: one page where a signed-in person lists, renames and deletes their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from registry.filters import SAVEABLE, RegistryFilterSet
from registry.models import SavedSearch

LONGEST_QUERY = 8_000


def saved_question(search: SavedSearch) -> RegistryFilterSet:
    """What is asked by a search; no row is asked for."""
    return SAVEABLE[search.listing](QueryDict(search.query), queryset=SavedSearch.objects.none())


class SavedSearchForm(forms.ModelForm):
    """A name for a question to a listing; the question is kept as the listing itself writes it."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY)

    class Meta:
        model = SavedSearch
        fields = ("name", "listing", "query")

    def clean_listing(self) -> str:
        """Refuse what is no listing."""
        listing = self.cleaned_data["listing"]
        if listing not in SAVEABLE:
            raise forms.ValidationError(
                gettext("There is no such listing. There are: %(listings)s.")
                % {"listings": ", ".join(SAVEABLE)}
            )
        return listing

    def clean(self) -> dict[str, Any]:
        """The question as its listing writes it, without what belongs to one page of rows."""
        given = super().clean() or self.cleaned_data
        if "listing" in given and "query" in given:
            # The question is read and written again.
            filterset = saved_question(SavedSearch(listing=given["listing"], query=given["query"]))
            # Understood is enough: what is too much to show today may be less tomorrow.
            if not filterset.form.is_valid():
                raise forms.ValidationError(_("The listing does not understand this question."))
            query = filterset.canonical()
            for name in ("page", "facets", "format"):
                query.pop(name, None)
            given["query"] = query.urlencode()
            self.instance.listing, self.instance.query = given["listing"], given["query"]
            # The form does not show the owner, so Django would leave out what depends on it.
            self.instance.validate_constraints(exclude={"name"})
        return given


class RenameForm(forms.ModelForm):
    """Another name."""

    class Meta:
        model = SavedSearch
        fields = ("name",)


class OwnSearches(LoginRequiredMixin, View):
    """A page about the searches of the account that is signed in, and of nobody else."""

    login_url = reverse_lazy("admin:login")

    def own(self) -> QuerySet[SavedSearch]:
        """The searches of the account."""
        return SavedSearch.objects.filter(owner=self.request.user.pk)

    def page(self, **context: Any) -> HttpResponse:
        """All of them, with the form that went wrong if one did."""
        searches = [(search, saved_question(search)) for search in self.own()]
        return render(self.request, "registry/saved.html", {"searches": searches, **context})


class SavedSearches(OwnSearches):
    """The list; a POST adds one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """All of them."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save a search, and go back to its listing."""
        form = SavedSearchForm(request.POST, instance=SavedSearch(owner_id=request.user.pk or 0))
        if not form.is_valid():
            return self.page(adding=form)
        search = form.save()
        messages.success(request, _("“%(name)s” is saved.") % {"name": search.name})
        return HttpResponseRedirect(search.get_absolute_url())


class OneSavedSearch(OwnSearches):
    """Renames or deletes a search; those of others are not found."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it where that is asked for, else rename it."""
        search = get_object_or_404(self.own(), pk=pk)
        if "delete" in request.POST:
            search.delete()
            messages.success(request, _("“%(name)s” is deleted.") % {"name": search.name})
            return redirect("saved-searches")
        form = RenameForm(request.POST, instance=search)
        if not form.is_valid():
            return self.page(renaming=form)
        form.save()
        return redirect("saved-searches")
