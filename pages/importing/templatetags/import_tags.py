"""What the CMS asks of imports."""

from django import template
from wagtail.models import Page

register = template.Library()


@register.filter("takes_imports")
def offers_imports(parent: Page) -> bool:
    """Whether what is imported can lie below the page."""
    # Here, since every service that renders templates loads this module.
    from pages.importing.build import takes_imports

    return takes_imports(parent)
