"""Addresses of the API. Its pages for people are in `pages`, which are there in every language."""

from django.urls import URLPattern, path, reverse_lazy
from django.views.generic import RedirectView

from registry.api import docs, reconcile, views, writing
from registry.api.resolving import ResolveView
from registry.api.resources import RESOURCES, Resource
from registry.api.written import Written, written

app_name = "api"


def _of(resource: Resource) -> list[URLPattern]:
    """Of what the public reads, some of which staff can write."""
    if (one := written().get(resource.name)) is not None:
        listing = writing.WrittenListing.as_view(resource=resource, written=one)
        record = writing.WrittenRecord.as_view(resource=resource, written=one)
    else:
        listing = views.ListingView.as_view(resource=resource)
        record = views.RecordView.as_view(resource=resource)
    found = [path(f"v1/{resource.name}/", listing, name=resource.key)]
    if resource.records:
        found.append(path(f"v1/{resource.name}/<str:address>/", record, name=f"{resource.key}-record"))
    return found


def _of_staff(one: Written) -> list[URLPattern]:
    """Of what is read by the public with other records only."""
    listing, record = writing.DraftList.as_view(written=one), writing.DraftRecord.as_view(written=one)
    return [
        path(f"v1/{one.name}/", listing, name=one.name),
        path(f"v1/{one.name}/<str:address>/", record, name=f"{one.name}-record"),
    ]


pages = [
    path("api/docs/", docs.Tryout.as_view(), name="api-docs"),
    path("api/docs/examples/", docs.Examples.as_view(), name="api-examples"),
]
urlpatterns = [
    path("", RedirectView.as_view(url=reverse_lazy("api-docs"))),
    path("v1/", views.Index.as_view(), name="index"),
    path("v1/schema/", docs.SchemaView.as_view(), name="schema"),
    path("v1/resolve", ResolveView.as_view(), name="resolve"),
    # The longer addresses come first: what follows a shorter one may be a record.
    *(
        pattern
        for resource in sorted(RESOURCES.values(), key=lambda one: one.name, reverse=True)
        for pattern in _of(resource)
    ),
    *(pattern for name, one in written().items() if name not in RESOURCES for pattern in _of_staff(one)),
    path("reconcile/", reconcile.ReconcileView.as_view(), name="reconcile"),
    path("reconcile/suggest/entity/", reconcile.SuggestEntity.as_view()),
    path("reconcile/suggest/property/", reconcile.SuggestProperty.as_view()),
    path("reconcile/suggest/type/", reconcile.SuggestType.as_view()),
    path("reconcile/properties/", reconcile.ProposeProperties.as_view()),
    path("reconcile/preview/<str:address>/", reconcile.Preview.as_view()),
]
