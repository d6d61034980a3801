"""Addresses of the API."""

from django.urls import URLPattern, path

from registry.api import docs, views
from registry.api.resources import RESOURCES, Resource

app_name = "api"


def _of(resource: Resource) -> list[URLPattern]:
    at = f"v1/{resource.name}/"
    found = [path(at, views.ListingView.as_view(resource=resource), name=resource.key)]
    if resource.records:
        record = views.RecordView.as_view(resource=resource)
        found.append(path(f"{at}<str:address>/", record, name=f"{resource.key}-record"))
    return found


urlpatterns = [
    path("v1/", views.Index.as_view(), name="index"),
    path("v1/schema/", docs.SchemaView.as_view(), name="schema"),
    *(pattern for resource in RESOURCES.values() for pattern in _of(resource)),
]
