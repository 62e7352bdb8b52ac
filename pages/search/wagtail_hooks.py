"""What the search adds to the CMS, where that is served."""

from django.conf import settings

if "editorial" in settings.ROLES:
    from . import search_registers  # noqa: F401
