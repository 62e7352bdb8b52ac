"""Starts a child for each file, as systemd does (deploy/sapo-reader.socket): `python -m tests.listening SOCKET`."""

import os
import socketserver
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pages.library.apart.started import child_at

# More than any file may take.
_SECONDS = 180


class _OneFile(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with (
            tempfile.TemporaryDirectory() as folder,
            child_at(self.request, Path(folder)) as child,
            suppress(subprocess.TimeoutExpired),
        ):
            child.wait(_SECONDS)


def listen(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.umask(0o007)
    with socketserver.ThreadingUnixStreamServer(str(path), _OneFile) as server:
        os.umask(0o077)
        server.serve_forever()


if __name__ == "__main__":
    listen(Path(sys.argv[1]))
