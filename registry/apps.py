"""The registry application, and its staff site in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as django_admin


class RegistryConfig(AppConfig):
    """Every concept of the registry lives in this one application."""

    name = "registry"
    verbose_name = "Registry"
    default = True


class StaffSiteConfig(django_admin.AdminConfig):
    """Django's admin with the registry's own index and autocompletion."""

    default_site = "registry.staff_site.StaffSite"
    default = False
