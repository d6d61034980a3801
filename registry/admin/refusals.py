"""What the database refused, for forms."""

from registry.models.refusals import Refusal, read_refusal

__all__ = ["Refusal", "read_refusal"]
