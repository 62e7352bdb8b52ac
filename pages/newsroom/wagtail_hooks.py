"""What the newsroom adds to Wagtail, where the CMS is served."""

from django.conf import settings

if "editorial" in settings.ROLES:
    from . import in_cms  # noqa: F401
