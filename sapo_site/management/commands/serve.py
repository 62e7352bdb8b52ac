"""Prepares the demo's data, and serves the site as in production but on one machine."""

import os
import subprocess
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from gunicorn.app.base import Application
from gunicorn.util import import_app

from .prepare import ends_at_once, welcome

# Production runs these commands as services or by timers.
BESIDE = (
    ("publish_when_due",),
    ("edition", "--every", "1"),
)
# A first start shows the demo's pictures as they were uploaded, until this is through.
AFTERWARDS = ("make_renditions",)


class Command(BaseCommand):
    help = "Gör data klara och visar webbplatsen på 127.0.0.1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, port: int, **options: object) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError("serve är för demot; i drift startas gunicorn av systemd.")
        with ends_at_once():  # until the server takes over the signals
            call_command("prepare")
            LoopbackServer(port, self.stdout).run()


class LoopbackServer(Application):
    """Gunicorn, configured as in production but for the address."""

    def __init__(self, port: int, stdout: OutputWrapper) -> None:
        self.address = f"127.0.0.1:{port}"
        self.stdout = stdout
        super().__init__()

    def load_config(self) -> None:
        self.load_config_from_file(str(settings.PROJECT_DIR / "deploy" / "gunicorn.conf.py"))
        self.cfg.set("bind", self.address)
        self.cfg.set("when_ready", self._say_where)

    def _say_where(self, arbiter: object) -> None:
        self.stdout.write(welcome(self.address))
        self.stdout.flush()
        beside = [_start(*words, "--parent", str(os.getpid())) for words in BESIDE]
        beside.append(_start(*AFTERWARDS))

        def on_exit(arbiter: object) -> None:
            for process in beside:
                process.terminate()

        self.cfg.set("on_exit", on_exit)

    def load(self) -> Callable[..., object]:
        return import_app("sapo_site.wsgi")


def _start(*words: str) -> subprocess.Popen[bytes]:
    """Starts a command that runs beside the server."""
    command = [sys.executable, str(settings.PROJECT_DIR / "manage.py"), *words]
    # In a session of its own, so that Ctrl-C reaches only the server, which then ends this.
    return subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, start_new_session=True
    )
