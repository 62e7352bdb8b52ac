"""Two who start the site at once."""

import hashlib
import os
import subprocess
import sys
from io import StringIO

from django.core.management.base import OutputWrapper

from sapo_site.management.commands import prepare
from tests.postgres import ROOT

# As `./sapo run` begins, with few files to collect and no database to build.
_START = """
import django
from django.conf import settings
settings.STATICFILES_DIRS = [settings.PROJECT_DIR / "static" / "images"]
settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
django.setup()
from django.core.management import call_command
from django.templatetags.static import static
from wagtail.admin.staticfiles import versioned_static
from sapo_site.management.commands import prepare
prepare.prepare_database = lambda stdout: None
call_command("prepare")
print(static("share.jpg"), versioned_static("share.jpg"))
"""


def test_of_two_starts_at_once_both_serve_the_static_files(tmp_path):
    var = tmp_path / "var"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
        "PYTHONUNBUFFERED": "1",
        "SAPO_VAR": str(var),
    }
    with prepare.only_one_prepares(var, OutputWrapper(StringIO())):
        starts = [
            subprocess.Popen(
                [sys.executable, "-c", _START],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        for start in starts:
            assert start.stdout is not None
            assert start.stdout.readline().startswith("Väntar på en annan start")
    digest = hashlib.md5((ROOT / "static/images/share.jpg").read_bytes()).hexdigest()  # noqa: S324
    hashed = f"/static/share.{digest[:12]}.jpg"
    for start in starts:
        said, _nothing = start.communicate(timeout=60)
        assert start.returncode == 0
        assert said.endswith(f"{hashed} {hashed}\n")
