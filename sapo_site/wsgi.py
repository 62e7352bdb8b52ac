"""WSGI, not ASGI: Django answers four times slower under ASGI, and tips must not be spooled."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapo_site.settings.production")

application = get_wsgi_application()
