"""What must hold for the code of this app, checked each time Django starts."""

from typing import Any

from django.core import checks
from wagtail.models import get_page_models

from .forms import SitePageForm


def register() -> None:
    checks.register(every_page_uses_the_site_form, "pages")


def every_page_uses_the_site_form(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Without our form, a page would lose its topics when an editor saves it."""
    from .models import BasePage

    return [
        checks.Error(
            f"{model.__name__}.base_form_class must be a SitePageForm.", obj=model, id="pages.E001"
        )
        for model in get_page_models()
        if issubclass(model, BasePage) and not issubclass(model.base_form_class, SitePageForm)
    ]
