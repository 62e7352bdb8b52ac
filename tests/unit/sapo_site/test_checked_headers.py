"""How often gunicorn checks the headers of an answer (deploy/gunicorn.conf.py)."""

import runpy

import pytest
from django.conf import settings
from gunicorn.http.errors import InvalidResponseHeader
from gunicorn.http.wsgi import Response

TAGGED = [("ETag", '"abc"'), ("Content-Length", "2")]
PERSONAL = [*TAGGED, ("Set-Cookie", "sessionid=hemligt")]


def _answered(headers):
    response = Response(req=None, sock=None, cfg=None)
    response.process_headers(list(headers))
    return response.headers, response.response_length


def test_what_a_stored_answer_says_is_checked_once_and_of_one_to_a_person_nothing_is_kept(
    monkeypatch,
):
    asked, check = [], Response.process_headers
    for name in ("default_headers", "process_headers"):  # as they were, afterwards
        monkeypatch.setattr(Response, name, getattr(Response, name))
    Response.process_headers = lambda self, headers: asked.append(headers) or check(self, headers)
    runpy.run_path(str(settings.PROJECT_DIR / "deploy" / "gunicorn.conf.py"))

    assert [_answered(each)[0] for each in [TAGGED, PERSONAL] * 3] == [TAGGED, PERSONAL] * 3
    assert asked == [TAGGED, PERSONAL, PERSONAL, PERSONAL]
    assert _answered(TAGGED)[1] == 2
    for _ in range(2):
        with pytest.raises(InvalidResponseHeader):
            _answered([*TAGGED, ("X-Wrong", "a\r\nb")])
