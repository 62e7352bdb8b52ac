"""What production asks of its environment."""

import subprocess
import sys

import pytest
from django.conf import settings

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "sapo_site.settings.production",
    "SAPO_SECRET_KEY": "0123456789abcdefghij-" * 3,
    "SAPO_HOSTS": "sakerhetspolisen.example",
    "SAPO_BASE_URL": "https://sakerhetspolisen.example",
    "SAPO_EMAIL_URL": "smtp://localhost:25",
    "SAPO_EMAIL_FROM": "webb@sakerhetspolisen.example",
    "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
    "PATH": "/usr/bin:/bin",
}


def _check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        cwd=settings.PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_clean_under_djangos_own_deployment_check():
    result = _check(COMPLETE)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "missing", [name for name in COMPLETE if name.startswith(("SAPO", "DATA"))]
)
def test_production_stops_with_the_name_of_what_is_missing(missing):
    result = _check({name: value for name, value in COMPLETE.items() if name != missing})
    assert result.returncode == 1
    assert missing in result.stderr


def test_an_unknown_role_stops_the_start():
    result = _check({**COMPLETE, "SAPO_ROLES": "public,spion"})
    assert result.returncode == 1
    assert "unknown role spion" in result.stderr


def test_demo_content_is_refused_in_production():
    result = subprocess.run(
        [sys.executable, "manage.py", "seed"],
        env=COMPLETE,
        cwd=settings.PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "Demowebbplatsen byggs bara under demoinställningar." in result.stderr
