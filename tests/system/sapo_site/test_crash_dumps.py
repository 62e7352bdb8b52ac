"""That what a serving process has in memory stays there."""

import resource
import subprocess
import sys

from django.conf import settings

_CRASHES = """
import ctypes, os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
{before}
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
child = os.fork()
if not child:
    os.abort()
print(os.WCOREDUMP(os.waitpid(child, 0)[1]), flush=True)
"""


def _crash(before: str, folder) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", _CRASHES.format(before=before)],
        env={
            "DJANGO_SETTINGS_MODULE": "sapo_site.settings.test",
            "SAPO_ROLES": "intake",
            "PYTHONPATH": str(settings.PROJECT_DIR),
            "PATH": "/usr/bin:/bin",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.splitlines()


def test_a_worker_that_crashes_leaves_no_core(tmp_path):
    limits, leaves_core = _crash("import sapo_site.wsgi", tmp_path)
    assert limits == "(0, 0) 0"
    assert leaves_core == "False"
    assert list(tmp_path.iterdir()) == []


def test_what_is_turned_off_is_on_in_a_process_that_has_not(tmp_path):
    limits, leaves_core = _crash("", tmp_path)
    assert limits.endswith(" 1")
    assert leaves_core == str(resource.getrlimit(resource.RLIMIT_CORE)[1] != 0)
