"""The way to leave a tip: by telephone."""

import pytest


@pytest.mark.parametrize(("path", "language"), [("/tipsa/", "sv"), ("/en/tipsa/", "en")])
def test_tip_page_speaks_the_language_of_its_address(client, db, path, language):
    html = client.get(path).content.decode()
    assert f'<html lang="{language}"' in html


def test_tip_page_leaves_no_trace(client, db):
    response = client.get("/tipsa/")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert "Last-Modified" not in response
    assert "ETag" not in response


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_tip_page_takes_nothing_yet(client, db, method):
    assert getattr(client, method)("/tipsa/").status_code == 405
