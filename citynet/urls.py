"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from citynet import health
from registry.api.urls import pages
from registry.views.crawlers import SITEMAPS, robots

handler404 = "registry.api.problems.not_found"
SECTIONS = {"sitemaps": SITEMAPS}
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("registry.api.urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("robots.txt", robots),
    path("sitemap.xml", sitemaps.index, {**SECTIONS, "sitemap_url_name": "sitemap"}, name="sitemaps"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, SECTIONS, name="sitemap"),
    # Where browsers and feed readers look that have not read a page's head.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("icon.svg"))),
    *i18n_patterns(path("", include("registry.urls")), *pages, prefix_default_language=False),
]
