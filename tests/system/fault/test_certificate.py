"""A certificate that has run out lets no browser in, and a new one is taken without a restart."""

import os
import signal
import ssl
import time

import pytest

from tests.nginx import Nginx, nginx


@pytest.mark.fault("certificate run out")
def test_a_certificate_that_has_run_out_lets_nobody_in_until_the_new_one_is_read(
    front, record_property
):
    front.let_certificate_run_out()
    with nginx(front):
        with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
            _shake_hands(front)
        front.renew_certificate()
        with pytest.raises(ssl.SSLCertVerificationError):
            _shake_hands(front)  # a file that is replaced is read when nginx is told
        os.kill(int((front.folder / "pid").read_text()), signal.SIGHUP)
        until = time.monotonic() + 20
        while not _is_let_in(front):
            assert time.monotonic() < until
            time.sleep(0.05)
    record_property("seen", "no browser is let in; after a reload all are")


def _is_let_in(front: Nginx) -> bool:
    try:
        _shake_hands(front)
    except ssl.SSLCertVerificationError:
        return False
    return True


def _shake_hands(front: Nginx) -> None:
    front.connected().close()
