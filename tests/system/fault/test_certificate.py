"""A certificate that has run out lets no browser in, and a new one is taken without a restart."""

import os
import secrets
import shutil
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nginx import NAMES, Nginx, nginx

from .server import free_port


@pytest.fixture
def server() -> Iterator[Nginx]:
    # The path of a socket has to be short.
    folder = Path("/tmp") / f"sapo-nginx-{secrets.token_hex(4)}"  # noqa: S108
    folder.mkdir()
    server = Nginx(folder, folder / "var", free_port(), free_port())
    server.write()
    yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.fault("certificate run out")
def test_a_certificate_that_has_run_out_lets_nobody_in_until_the_new_one_is_read(
    server, record_property
):
    server.let_certificate_run_out()
    with nginx(server):
        with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
            _shake_hands(server)
        server.renew_certificate()
        with pytest.raises(ssl.SSLCertVerificationError):
            _shake_hands(server)  # a file that is replaced is read when nginx is told
        os.kill(int((server.folder / "pid").read_text()), signal.SIGHUP)
        until = time.monotonic() + 10
        while not _is_let_in(server):
            assert time.monotonic() < until
            time.sleep(0.05)
    record_property("seen", "no browser is let in; after a reload all are")


def _is_let_in(server: Nginx) -> bool:
    try:
        _shake_hands(server)
    except ssl.SSLCertVerificationError:
        return False
    return True


def _shake_hands(server: Nginx) -> None:
    context = ssl.create_default_context(cafile=server.folder / "ssl" / "fullchain.pem")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        context.wrap_socket(plain, server_hostname=NAMES[0]).close()
