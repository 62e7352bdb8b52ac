"""What an editor sees of an upload at each place where there is one."""

import pytest

from tests.browser.test_library import (
    DRAWN,
    SEARCHED,
    SENT,
    SIZES,
    page,  # noqa: F401
    sees_it_in_a_chooser,
    sees_what_is_done,
    slowly,  # noqa: F401
)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("images/add/", [SENT, DRAWN, SIZES]),
        ("images/multiple/add/", [SENT, DRAWN, SIZES]),
        ("documents/add/", [SENT, SEARCHED]),
    ],
)
def test_an_editor_sees_what_is_done_with_an_upload_anywhere(
    page,  # noqa: F811
    live_server,
    slowly,  # noqa: F811
    address,
    said,
):
    assert sees_what_is_done(page, live_server.url, address)[: len(said)] == said


def test_an_editor_with_a_telephone_sees_in_a_chooser_what_is_done_with_a_picture(
    page,  # noqa: F811
    live_server,
    slowly,  # noqa: F811
):
    sees_it_in_a_chooser(page, live_server, 390)
