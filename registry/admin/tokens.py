"""Tokens for scripts: every account of staff makes and revokes its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from registry.admin.records import account
from registry.models import ApiToken

MADE = "admin/registry/apitoken/made.html"


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """One's own tokens; superusers see those of others too, and can revoke them."""

    fields = ("name", "expires_on")
    list_display = ("name", "beginning", "whose", "made_on", "last_used_on", "expires_on")
    list_select_related = ("owner",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The tokens that the account may see."""
        tokens = super().get_queryset(request)
        return tokens if request.user.is_superuser else tokens.filter(owner=account(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new token is given a name and an end; of another all is shown."""
        return self.fields if obj is None else self.list_display

    @admin.display(description="owner", ordering="owner__username")
    def whose(self, token: ApiToken) -> str:
        """The account by its name: not everybody may look at accounts."""
        return token.owner.get_username()

    # --- Who may what -------------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody on the staff site."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those that `get_queryset` leaves."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For oneself."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a token is for is said once."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those that `get_queryset` leaves: to delete a token is to revoke it."""
        return True

    # --- Making one ---------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make the secret, and remember it until the answer shows it."""
        obj.owner = account(request)
        request.secret = obj.make_secret()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form with one button that saves: what follows is the secret."""
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """The secret, in the answer itself: after a redirect it would have to be kept somewhere."""
        context = {
            **self.admin_site.each_context(request),
            "title": "API token made",
            "opts": self.opts,
            "token": obj,
            "secret": request.secret,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, MADE, context)
