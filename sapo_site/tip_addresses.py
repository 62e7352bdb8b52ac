"""The tip channel's addresses for a preview of its pages, in a process that does not serve them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("tipsa/", include("tips.urls")), prefix_default_language=False)
