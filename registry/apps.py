"""The registry application, and its staff site in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as django_admin
from django.db.models.signals import post_migrate, pre_migrate


class RegistryConfig(AppConfig):
    """Every concept of the registry lives in this one application."""

    name = "registry"
    verbose_name = "Registry"
    default = True

    def ready(self) -> None:
        """Keep the views of earlier times in step with the tables."""
        from registry.models import recorded

        pre_migrate.connect(recorded.before_migrations, sender=self)
        post_migrate.connect(recorded.make_views, sender=self)


class StaffSiteConfig(django_admin.AdminConfig):
    """Django's admin with the registry's own index and autocompletion."""

    default_site = "registry.staff_site.StaffSite"
    default = False
