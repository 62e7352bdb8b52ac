"""What this app adds to Wagtail: to the CMS alone, where that is served."""

from django.conf import settings

if "editorial" in settings.ROLES:
    from .cms import additions  # noqa: F401
