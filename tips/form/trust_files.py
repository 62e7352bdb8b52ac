"""The signers and keyrings, for those who check them: where no nginx stands in front."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tips.sealing import trust_folder
from tips.sealing.trust import TrustError

from . import answers


def trust_file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files that prove themselves. In production they are nginx's."""
    if not settings.TIP_FORM_BY_SERVICE or not trust_folder.FILE_NAME.fullmatch(name):
        return answers.refused(request, 404)
    try:
        octets = trust_folder.read_file(settings.TIPS_TRUST_DIR / name)
    except TrustError:
        return answers.refused(request, 404)
    return HttpResponse(octets, content_type="application/json")
