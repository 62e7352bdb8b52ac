"""The tip channel's addresses, for previews in a process that does not serve its pages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(
    path(settings.INTAKE_PATH, include("tips.urls")), prefix_default_language=False
)
