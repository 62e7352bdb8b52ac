"""The content security policies of these pages, as they are sent."""

from django.conf import settings

PLAIN, LAID = (
    "; ".join(" ".join([name, *values]) for name, values in policy.items())
    for policy in (settings.CSP_FOR_PLAIN_FORM, settings.CSP_FOR_TIP_FORM)
)
