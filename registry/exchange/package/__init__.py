"""The registry as a Data Package: written, and read back."""

from registry.exchange.package.apply import import_registry
from registry.exchange.package.errors import PackageError
from registry.exchange.package.write import export_registry

__all__ = ["PackageError", "export_registry", "import_registry"]
