"""What production asks of its environment."""

import re
import subprocess
import sys

import pytest

from tests.postgres import ROOT
from tests.system.as_service import run_as

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "sapo_site.settings.production",
    "SAPO_SECRET_KEY": "0123456789abcdefghij-" * 3,
    "SAPO_HOSTS": "sakerhetspolisen.example",
    "SAPO_BASE_URL": "https://sakerhetspolisen.example",
    "SAPO_EMAIL_URL": "smtp://localhost:25",
    "SAPO_EMAIL_FROM": "webb@sakerhetspolisen.example",
    "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
    "TIPS_DATABASE_URL": "sqlite:////tmp/unused-tips.sqlite3",
    "SAPO_TIPS_ADDRESS_HEADER": "HTTP_X_SAPO_ADDRESS",
    "PATH": "/usr/bin:/bin",
}
EVERY_SERVICE = ["DJANGO_SETTINGS_MODULE", "PATH", "SAPO_SECRET_KEY", "SAPO_HOSTS"]
NEEDS = {
    "public": [*EVERY_SERVICE, "DATABASE_URL"],
    "editorial": [
        *EVERY_SERVICE, "DATABASE_URL", "SAPO_BASE_URL", "SAPO_EMAIL_URL", "SAPO_EMAIL_FROM",
        "SAPO_TIPS_ADDRESS_HEADER",
    ],
    "intake": [
        *EVERY_SERVICE, "TIPS_DATABASE_URL", "SAPO_TIPS_ADDRESS_HEADER",
    ],
    "desk": [
        *EVERY_SERVICE, "TIPS_DATABASE_URL", "SAPO_EMAIL_URL",
        "SAPO_EMAIL_FROM", "SAPO_TIPS_ADDRESS_HEADER",
    ],
}  # fmt: skip


def _manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)


def _check(environment: dict[str, str], fail: str = "WARNING") -> subprocess.CompletedProcess[str]:
    return _manage(environment, "check", "--deploy", "--fail-level", fail)


def test_production_is_clean_under_djangos_own_deployment_check():
    result = _check(COMPLETE)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("role", NEEDS)
def test_a_service_starts_with_what_is_its_own_and_none_of_the_others_secrets(role):
    own = {"SAPO_ROLES": role, **{name: COMPLETE[name] for name in NEEDS[role]}}
    # Django warns of what a service without accounts lacks by intention: its form tokens.
    result = _check(own, "ERROR")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "missing", [name for name in COMPLETE if name.startswith(("SAPO", "DATA", "TIPS"))]
)
def test_production_stops_with_the_name_of_what_is_missing(missing):
    result = _check({name: value for name, value in COMPLETE.items() if name != missing})
    assert result.returncode == 1
    assert missing in result.stderr


@pytest.mark.parametrize("value", [None, "", "REMOTE_ADDR"])
@pytest.mark.parametrize("role", ["editorial", "desk"])
def test_nobody_logs_in_where_all_who_guess_would_count_as_nginx(role, value):
    own = {"SAPO_ROLES": role, **{name: COMPLETE[name] for name in NEEDS[role]}}
    del own["SAPO_TIPS_ADDRESS_HEADER"]
    result = _check(own if value is None else {**own, "SAPO_TIPS_ADDRESS_HEADER": value})
    assert result.returncode == 1
    assert result.stderr == (
        "SAPO_TIPS_ADDRESS_HEADER: skriv HTTP_X_SAPO_ADDRESS, där nginx säger vem som skickar "
        "och loggar in.\n"
    )


def test_the_example_names_every_variable_and_no_other():
    text = (ROOT / "deploy" / "environment.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))
    folder = ROOT / "sapo_site" / "settings"
    read = set()
    for module in ("base", "databases", "places", "production", "services", "uploads"):
        calls = r"(?:env|Env\(\))\.\w+\(\s*\"([A-Z_]+)\""
        read |= set(re.findall(calls, (folder / f"{module}.py").read_text()))
    # The units say the role, and the image where its static files lie.
    assert named - {"DJANGO_SETTINGS_MODULE"} == read - {"SAPO_ROLES", "SAPO_STATIC"}


@pytest.mark.parametrize(
    "scanner",
    [
        "clamd", "clamd.ctl", "localhost:", "localhost:port",
        # in the clear, over a network
        "scanner.example.se:3310", "10.0.0.7:3310", "localhost.example.se:3310", "[fd00::1]:3310",
    ],
)  # fmt: skip
def test_a_scanner_that_nobody_can_ask_on_this_machine_stops_the_start(scanner):
    result = _check({**COMPLETE, "SAPO_CLAMD": scanner})
    assert result.returncode == 1
    told = f"SAPO_CLAMD: {scanner} is neither the path of a socket nor a port of this machine"
    assert told in result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "scanner", ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310", "localhost:3310"]
)
def test_a_scanner_on_this_machine_is_taken(scanner):
    assert _check({**COMPLETE, "SAPO_CLAMD": scanner}).returncode == 0


@pytest.mark.parametrize("reader", ["", "reader.sock", "127.0.0.1:80"])
def test_the_cms_does_not_start_where_it_would_read_files_by_itself(reader):
    result = _check({**COMPLETE, "SAPO_READER_SOCKET": reader})
    assert result.returncode == 1
    assert result.stderr == (
        "SAPO_READER_SOCKET: skriv sökvägen till läsarens uttag, /run/sapo/reader.sock.\n"
    )


def test_an_unknown_role_stops_the_start():
    result = _check({**COMPLETE, "SAPO_ROLES": "public,spion"})
    assert result.returncode == 1
    assert "unknown role spion" in result.stderr


_OF_THE_EXAMPLE = re.findall(
    r"^([A-Z_]+)=(.*example\.se.*)$",
    (ROOT / "deploy" / "environment.example").read_text(),
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SAPO_HOSTS", "*", "skriv ut varje namn"),
        ("SAPO_HOSTS", "sakerhetspolisen.example,.sakerhetspolisen.example", "skriv ut varje namn"),
        ("SAPO_SECRET_KEY", "", "minst 50 tecken"),
        ("SAPO_SECRET_KEY", "short", "minst 50 tecken"),
        ("SAPO_SECRET_KEY", "ab" * 40, "minst 50 tecken"),
        ("SAPO_SECRET_KEY", f"django-insecure-{COMPLETE['SAPO_SECRET_KEY']}", "dragen på måfå"),
        (
            "DATABASE_URL",
            "postgres://sapo-public:x@db.sapo.example/sapo?sslmode=require",
            "Lägg till ?sslmode=verify-full",
        ),
        (
            "DATABASE_URL",
            "postgres:///sapo?host=/run/postgresql,db.sapo.example",
            "Lägg till ?sslmode=verify-full",
        ),
        (
            "SAPO_FRONTEND_CACHE",
            '{"varnish": {"LOCATION": "http://cache.sapo.example:80"}}',
            "cache.sapo.example ligger på en annan maskin. Skriv https://",
        ),
        *((name, value, "example.se står kvar från exemplet") for name, value in _OF_THE_EXAMPLE),
    ],
)
def test_what_is_unsafe_or_not_filled_in_stops_every_command_with_one_line(name, value, says):
    result = _manage({**COMPLETE, "SAPO_ROLES": "public", name: value}, "migrate")
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"{name}: ")
    assert says in line


@pytest.fixture
def sealed(tmp_path):
    """A folder as systemd makes it for a service, with its secret key and something else's."""
    (tmp_path / "SAPO_SECRET_KEY").write_text(f"{COMPLETE['SAPO_SECRET_KEY']}\n")
    (tmp_path / "PATH").write_text("/finns-inte")
    return {"CREDENTIALS_DIRECTORY": str(tmp_path)}


@pytest.mark.parametrize("in_file", [{}, {"SAPO_SECRET_KEY": ""}])
def test_a_secret_may_come_sealed_from_systemd(sealed, in_file):
    others = {name: value for name, value in COMPLETE.items() if name != "SAPO_SECRET_KEY"}
    result = _check({**others, **in_file, **sealed}, "ERROR")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_secret_that_lies_about_in_clear_as_well_stops_the_start(sealed):
    result = _check({**COMPLETE, **sealed}, "ERROR")
    assert result.returncode == 1
    assert result.stderr == (
        "SAPO_SECRET_KEY: står både i tjänstens .env och förseglad. Ta bort raden i .env.\n"
    )


def test_a_sealed_secret_that_is_weak_stops_the_start(sealed, tmp_path):
    (tmp_path / "SAPO_SECRET_KEY").write_text("short")
    result = _check({**COMPLETE, **sealed, "SAPO_SECRET_KEY": ""}, "ERROR")
    assert result.returncode == 1
    assert "minst 50 tecken" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres:///sapo"),
        ("DATABASE_URL", "postgres://sapo-public:x@localhost/sapo"),
        ("DATABASE_URL", "postgres:///sapo?host=/run/postgresql"),
        ("DATABASE_URL", "postgres://x@db.sapo.example/sapo?sslmode=verify-full"),
        ("SAPO_EMAIL_URL", "smtp+tls://webb:x@post.sapo.example:587"),
        ("SAPO_FRONTEND_CACHE", '{"varnish": {"LOCATION": "http://127.0.0.1:6081"}}'),
    ],
)
def test_what_stays_here_or_is_encrypted_is_accepted(name, value):
    result = _check({**COMPLETE, name: value}, "ERROR")
    assert result.returncode == 0, result.stdout + result.stderr


def test_mail_that_leaves_the_machine_in_clear_stops_the_start():
    result = _check({**COMPLETE, "SAPO_EMAIL_URL": "smtp://post.sapo.example:25"})
    assert result.returncode == 1
    assert result.stderr == (
        "SAPO_EMAIL_URL: e-postservern ligger på en annan maskin. Skriv smtp+tls:// i stället.\n"
    )


def test_only_who_lets_people_log_in_asks_for_the_demos_accounts_before_it_serves():
    program = (
        "import sys\n"
        "from sapo_site.demo import left_by_demo\n"
        "left_by_demo.refuse_demo_accounts = lambda: sys.exit('asked')\n"
        "import sapo_site.wsgi\n"
    )
    asks = {
        role: "asked" in subprocess.run(
            [sys.executable, "-c", program], env={**COMPLETE, "SAPO_ROLES": role},
            cwd=ROOT, capture_output=True, text=True,
        ).stderr
        for role in ("desk", "intake")
    }  # fmt: skip
    assert asks == {"desk": True, "intake": False}


def test_demo_content_is_refused_in_production():
    result = _manage(COMPLETE, "seed")
    assert result.returncode == 1
    assert "Demowebbplatsen byggs bara under demoinställningar." in result.stderr


@pytest.mark.parametrize(("content", "says"), [(None, "går inte att läsa"), ("", "är tom")])
def test_a_list_of_passwords_that_is_away_stops_those_who_choose_passwords(tmp_path, content, says):
    path = tmp_path / "losenord.txt"
    if content is not None:
        path.write_text(content)
    result = _check({**COMPLETE, "SAPO_ROLES": "editorial", "SAPO_PASSWORD_LIST": str(path)})
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"SAPO_PASSWORD_LIST: {path} {says}")


def test_in_production_the_audit_log_goes_to_the_systems_journal():
    code = (
        "from django.conf import settings; print(settings.LOGGING['handlers']['stderr']['journal'])"
    )
    assert run_as("", code, **COMPLETE) == "/run/systemd/journal/socket\n"


def test_stored_passwords_take_an_attacker_long_to_try():
    said = run_as(
        "editorial",
        "import django; django.setup()\n"
        "from django.contrib.auth.hashers import get_hasher, make_password\n"
        "print(get_hasher().iterations, make_password('x'))",
        **COMPLETE,
    ).split()
    assert int(said[0]) >= 600_000
    assert said[1].startswith(f"pbkdf2_sha256${said[0]}$")
