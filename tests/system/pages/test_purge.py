"""A command that ends at once has told caches in front first, and waits for none of them for long."""

import json
import os
import socket
import subprocess
import sys
from typing import Any

import pytest

from tests.integration.pages.test_purge import at, purged  # noqa: F401  (a fixture)


def test_a_command_that_ends_at_once_has_told_the_cache_in_front(purged, settings):  # noqa: F811
    command = _purging("refresh.purge(['/', '/verksamheten/', '/verksamheten/a/'])", settings)
    command.communicate(timeout=60)
    assert sorted(purged) == [
        "www.example.se/", "www.example.se/verksamheten/", "www.example.se/verksamheten/a/",
    ]  # fmt: skip


@pytest.mark.fault("cache in front gone")
def test_a_cache_in_front_that_does_not_answer_keeps_no_command_from_ending(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        settings.WAGTAILFRONTENDCACHE = at(silent.getsockname()[1])
        program = "refresh._LONGEST_TELLING = 0.2; refresh.purge(['/']); input()"
        command = _purging(program, settings)
        connection, _address = silent.accept()
        with connection:
            command.communicate(b"\n", timeout=60)
    assert command.returncode == 0


def _purging(program: str, settings: Any) -> subprocess.Popen[bytes]:
    variables = {
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.test",
        "SAPO_EDITION_URL": "https://www.example.se",
        "SAPO_FRONTEND_CACHE": json.dumps(settings.WAGTAILFRONTENDCACHE),
    }
    setup = "import django; django.setup(); from pages.public.store import refresh"
    return subprocess.Popen(
        [sys.executable, "-c", f"{setup}; {program}"], env={**os.environ, **variables},
        cwd=settings.PROJECT_DIR, stdin=subprocess.PIPE,
    )  # fmt: skip
