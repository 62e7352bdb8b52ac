"""The least that Django can answer: one view, no middleware, no database."""

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from .installation import HOST

SENTENCE = "ok"


def view(request: HttpRequest) -> HttpResponse:
    # With its length, which Django's own middleware would have added: else it is sent in chunks.
    return HttpResponse(SENTENCE, headers={"Content-Length": len(SENTENCE)})


urlpatterns = [path("", view)]

settings.configure(ALLOWED_HOSTS=[HOST], ROOT_URLCONF=__name__, SECRET_KEY="measured")
django.setup()
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
