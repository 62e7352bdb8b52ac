"""Only a script of the desk's own pages is heard: every address, every method, and nothing changes."""

from itertools import product

import pytest
from django.apps import apps

from tests.handlers import SIGNS
from tips.desk.urls import urlpatterns
from tips.keeping import intake
from tips.models import Tip

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

ADDRESSES = sorted(
    str(each.pattern) for each in urlpatterns
    if str(each.pattern).startswith("api/")
)  # fmt: skip
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""}, {"X-Desk": ""}, {"X-Desk": "0"},
]  # fmt: skip
FOREIGN_POSTS = [
    *FOREIGN, {"Origin": "https://testserver"}, {"Origin": "null"}, {"Origin": "http://ond.testserver"}, {"Origin": ""},
]  # fmt: skip
FORMS = [FORM, "text/plain", "multipart/form-data; boundary=a", "application/json, text/plain", ""]


@pytest.fixture
def tip(tip_channel) -> Tip:
    return Tip.objects.get(pk=intake.leave({"text": "En vit skåpbil", "subject": "annat"}, ()))


def _all_rows() -> dict[str, list[tuple[object, ...]]]:
    models = apps.get_app_config("tips").get_models()
    return {each.__name__: list(each.objects.order_by("pk").values_list()) for each in models}


def _ask(client, method, address, tip, signs, kind=JSON):
    path = address.replace("<uuid:tip_id>", str(tip.pk)).replace("<uuid:file_id>", str(tip.pk))
    lacks_sign = {name for name, value in signs.items() if not value}
    for name in lacks_sign:
        client.defaults.pop(f"HTTP_{name.upper().replace('-', '_')}", None)
    headers = {name: value for name, value in {**SIGNS, **signs}.items() if value}
    body = "{}" if method == "POST" else ""
    answer = client.generic(
        method, f"/tipsmottagning/{path}", body, content_type=kind, headers=headers
    )
    return answer.status_code, answer["Content-Type"]


def test_every_address_is_looked_at():
    assert len(ADDRESSES) >= 18


def test_what_comes_from_elsewhere_is_refused_and_changes_nothing(at_desk, tip, subtests):
    before = _all_rows()
    for address in ADDRESSES:
        with subtests.test(address=address):
            for method, signs in [
                *product(["GET", "HEAD"], FOREIGN),
                *product(["POST"], FOREIGN_POSTS),
            ]:
                status, kind = _ask(at_desk, method, address, tip, signs)
                assert status in (403, 405), (method, signs)
                assert kind == JSON
            for kind in FORMS:
                assert _ask(at_desk, "POST", address, tip, {}, kind)[0] in (400, 405), kind
            for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
                assert _ask(at_desk, method, address, tip, {}) == (405, JSON)

            assert _all_rows() == before
