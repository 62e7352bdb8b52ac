"""For the intakes that these tests start: as the demo, without static files being collected first."""

from sapo_site.settings.demo import *

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

ALLOWED_HOSTS = ["*"]  # the names of an installation, where nginx stands in front
