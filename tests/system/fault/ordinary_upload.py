"""An upload as Django does it unless told otherwise: for the test of the leak detector."""

import sys
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.FILES)))


urlpatterns = [path("tipsa/formular/utan-skript/skriv/", upload)]

if __name__ == "__main__":
    settings.configure(ROOT_URLCONF="__main__", ALLOWED_HOSTS=["*"], SECRET_KEY="only-here")
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()
