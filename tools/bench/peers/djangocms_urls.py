"""The addresses of the django-cms site, and what serves them."""

from django.conf.urls.i18n import i18n_patterns
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

application = get_wsgi_application()
urlpatterns = i18n_patterns(path("", include("cms.urls")))
