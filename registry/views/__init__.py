"""Public pages: address → queryset → filters → page → template."""
