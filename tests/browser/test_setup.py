"""The set-up serves pages, styles and the admin to a real browser."""

from django.contrib.auth import get_user_model
from playwright.sync_api import Page


def test_staff_sign_in_under_the_content_security_policy(page: Page) -> None:
    """The admin works with neither inline scripts nor inline styles allowed."""
    get_user_model().objects.create_superuser("anna", password="a long one")
    page.goto("/admin/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill("a long one")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Site administration").wait_for()


def test_styles_and_htmx_are_served_from_here(page: Page) -> None:
    """What npm built is there, under the addresses that the templates use."""
    for name, text in {"site.css": "prefers-color-scheme", "htmx.min.js": "htmx"}.items():
        response = page.request.get(f"/static/{name}")
        assert response.ok
        assert text in response.text()
