"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from citynet import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("registry.urls")),
]
