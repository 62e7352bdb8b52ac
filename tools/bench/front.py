"""The site's own nginx, without TLS, and beside it one that serves the same file and nothing else."""

import re
import shutil
from pathlib import Path

from tests.nginx import Nginx

from .installation import DOMAIN
from .servers import Server, free_port, program

STATIC_HOST = f"static.{DOMAIN}"


class Front(Nginx):
    """The configuration of deploy/, in the clear: the cost of TLS is the same for all that is sent."""

    def __init__(self, folder: Path, var: Path) -> None:
        super().__init__(folder, var, free_port(), free_port())
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def server(self, page: Path) -> Server:
        """Ready to be started; beside the site it serves the file of a page, and nothing else of it."""
        program("nginx", "nginx-light")
        self.write()
        site = self.folder / "site.conf"
        # As in Debian's own nginx.conf, which includes the site's.
        site.write_text(
            f"sendfile on;\ntcp_nopush on;\n{site.read_text()}\n"
            f"server {{\n    listen 127.0.0.1:{self.port};\n    server_name {STATIC_HOST};\n"
            f"    access_log off;\n    gzip_static on;\n    gzip_vary on;\n"
            f"    location / {{ root {page.parent}; }}\n}}\n"
        )
        log = self.folder / "log" / "server.log"
        return Server("nginx", self.command(), self.port, log=log)

    def _on_loopback(self, text: str) -> str:
        text = super()._on_loopback(text)
        text = re.sub(r"^ *(http2 on|ssl_\w+ .*);\n", "", text, flags=re.MULTILINE)
        return re.sub(r"(listen [\d.:]+) ssl(?: sndbuf=8k)?( default_server)?;", r"\1\2;", text)
