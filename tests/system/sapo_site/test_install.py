"""What deploy/install puts on a machine, as far as it can be looked at without one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.lacking import need
from tests.postgres import ROOT, jobs, run

SERVICES = ("public", "editorial", "intake", "desk")
ANSWERS = {
    "WWW": "www.sapo.test", "EDITORIAL": "redaktion.sapo.test", "DESK": "tips.sapo.test",
    "EDITORIAL_NETWORKS": "192.0.2.0/24 2001:db8::/32", "DESK_NETWORKS": "192.0.2.7",
    "MAIL_FROM": "webb@sapo.test", "MAIL_ROOT": "drift@sapo.test",
    "SMARTHOST": "smtp+tls://sapo:hemligt@mejl.sapo.test:587",
    "CERTIFICATE": "/etc/ssl/own/chain.pem", "CERTIFICATE_KEY": "/etc/ssl/own/key.pem",
    "HSTS": "", "MIRRORS": "", "VISITORS": "", "ADDRESS": "",
}  # fmt: skip


class Install:
    """`deploy/install` with /etc and the code in folders of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.etc = folder / "etc"
        self.etc.mkdir()
        (folder / "code").mkdir()
        shutil.copytree(ROOT / "deploy", folder / "code" / "deploy")
        self.program = folder / "code" / "deploy" / "install"
        for program in (self.program, self.program.with_name("visitors")):
            text = program.read_text()
            for there, here in (("/etc/", f"{self.etc}/"), ("/srv/sapo", str(folder / "code"))):
                text = text.replace(there, here)
            program.write_text(text)
        self.answers = folder / "answers"
        self.answer()

    def answer(self, **changed: str) -> None:
        lines = [f"{name}='{value}'\n" for name, value in {**ANSWERS, **changed}.items()]
        self.answers.write_text("".join(lines).replace("/etc/", f"{self.etc}/"))

    def __call__(self, *steps: str, **environment: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, self.answers, "--", *steps], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
        )  # fmt: skip


@pytest.fixture
def install(tmp_path: Path) -> Install:
    need("adduser", root=True)
    return Install(tmp_path)


def _settings(install: Install, service: str) -> dict[str, str]:
    text = (install.etc / "sapo" / f"{service}.env").read_text()
    return dict(line.split("=", 1) for line in text.splitlines())


def test_each_service_is_given_what_it_needs_and_starts_with_that_alone(install, tmp_path):
    done = install("settings")
    assert done.returncode == 0, done.stderr
    for service in SERVICES:
        given = _settings(install, service)
        assert (install.etc / "sapo" / f"{service}.env").stat().st_mode & 0o777 == 0o600
        environment = {
            **given, "SAPO_ROLES": service, "SAPO_VAR": str(tmp_path),
            "SAPO_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "PATH": os.environ["PATH"],
        }  # fmt: skip
        assert run([sys.executable, "-c", "import django; django.setup()"], environment) == ""
        assert "example.se" not in "".join(given.values())
    public, desk = _settings(install, "public"), _settings(install, "desk")
    assert "SAPO_EMAIL_URL" not in public
    assert "TIPS_DATABASE_URL" not in public
    assert {"SAPO_EMAIL_URL", "SAPO_TIPS_PASSKEYS", "TIPS_DATABASE_URL"} <= desk.keys()
    assert "DATABASE_URL" not in desk
    example = (ROOT / "deploy" / "environment.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert set().union(*(_settings(install, each) for each in SERVICES)) == named


def test_what_people_have_changed_is_left_as_it_is(install):
    install("settings")
    changed = install.etc / "sapo" / "desk.env"
    changed.write_text("SAPO_TIPS_ALARM=/usr/local/bin/call\n")

    done = install("settings")

    assert "lämnas som den är" in done.stdout
    assert "Klart: 0 ändringar." in done.stdout
    assert changed.read_text() == "SAPO_TIPS_ALARM=/usr/local/bin/call\n"


def test_root_gives_no_folder_away_that_a_service_has_led_elsewhere(install, tmp_path):
    (tmp_path / "tips").symlink_to(tmp_path / "etc")
    table = tmp_path / "code" / "deploy" / "folders"
    table.write_text(f"nobody nogroup 0777 {tmp_path}/tips\n")

    done = install("folders")

    assert done.returncode == 1
    assert done.stderr == f"deploy/install: {tmp_path}/tips är en länk. Där ska en mapp ligga.\n"
    assert (tmp_path / "etc").stat().st_uid == os.geteuid()


def test_a_file_of_answers_that_is_named_again_is_what_the_next_update_goes_by(install):
    install("settings")
    install.answer(EDITORIAL_NETWORKS="198.51.100.0/24")
    done = install("settings")
    assert "Klart: 1 ändringar." in done.stdout
    assert (
        "EDITORIAL_NETWORKS='198.51.100.0/24'\n" in (install.etc / "sapo" / "answers").read_text()
    )

    assert "Klart: 0 ändringar." in install("settings").stdout


def test_an_environment_that_was_left_half_made_is_made_anew(install, tmp_path):
    code = tmp_path / "code"
    (code / ".venv" / "bin").mkdir(parents=True)
    (code / ".venv" / "bin" / "python").symlink_to("/usr/bin/true")
    python = tmp_path / "python3"
    python.write_text(
        "#!/bin/sh\nmkdir -p .venv/bin\nfor each in python pip; do ln -s /usr/bin/true .venv/bin/$each; done\n"
    )
    python.chmod(0o755)

    done = install("code", PATH=f"{tmp_path}:/usr/bin:/bin")

    assert (done.returncode, done.stderr) == (0, "")
    assert "  + .venv\n" in done.stdout


def test_the_password_of_the_mail_server_is_kept_by_the_mail_server_alone(install):
    install("settings")
    assert "hemligt" not in (install.etc / "sapo" / "answers").read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WWW", ""), ("WWW", "https://www.sapo.test"), ("WWW", "www.sapo.test; reboot"),
        ("EDITORIAL", "www.sapo.test"), ("DESK", "tips.example.se"), ("DESK_NETWORKS", "all"),
        ("MAIL_FROM", "webb"), ("SMARTHOST", "smtp://mejl.sapo.test"),
        ("SMARTHOST", "smtp+tls://mejl.sapo.test"), ("CERTIFICATE", "chain.pem"),
        ("MIRRORS", "spegel"), ("MIRRORS", "m1.sapo.test -oProxyCommand=x"),
        ("VISITORS", "www2.sapo.test"), ("VISITORS", "192.0.2.31"), ("HSTS", "preload"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line_before_anything_is_done(install, name, value):
    install.answer(**{name: value})
    done = install("settings", "mail")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("deploy/install: ")
    assert not list(install.etc.rglob("*.env"))


@pytest.fixture
def on_a_machine(install, tmp_path):
    """The programs that change a machine are stand-ins, which say that they were called."""
    text = (
        install.program.read_text()
        .replace("/var/lib/", f"{tmp_path}/lib/")
        .replace("/run/", f"{tmp_path}/")
    )
    text = text.replace("-o sapo-mirror -g sapo ", "").replace("-o sapo-mirror ", "")
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib").mkdir()
    for name in ("systemctl", "nginx", "apt-get", "useradd", "getent"):
        (tmp_path / "bin" / name).write_text(
            f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/called"\n'
        )
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "bin" / "dpkg-query").write_text("#!/bin/sh\necho install ok installed\n")
    (tmp_path / "bin" / "dpkg-query").chmod(0o755)
    install.program.write_text(
        text.replace("set -eu\n", f'set -eu\nPATH="{tmp_path}/bin:$PATH"\n', 1)
    )
    (install.etc / "ssl/own").mkdir(parents=True)
    for name in ("chain.pem", "key.pem"):
        (install.etc / "ssl/own" / name).touch(0o640)
    return install


def test_a_first_machine_draws_the_keys_for_mirrors_and_sends_to_those_that_it_knows(
    on_a_machine, tmp_path
):
    install, sapo = on_a_machine, on_a_machine.etc / "sapo"
    install.answer(MIRRORS="m1.sapo.test m2.sapo.test")
    done = install("mirrors")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("väntar: ta dit") == 2
    assert not (tmp_path / "called").exists()
    push, sign = (sapo / "mirror.pub").read_text().splitlines()
    assert push.startswith("ssh-ed25519 ")
    assert sign.startswith("ssh-ed25519 ")
    assert push.split()[1] != sign.split()[1]
    assert {(sapo / f"mirror.{key}").stat().st_mode & 0o777 for key in ("ssh", "sign")} == {0o600}

    (sapo / "mirror.known_hosts").write_text(f"m2.sapo.test {push}\n")
    done = install("mirrors")
    assert (
        tmp_path / "called"
    ).read_text() == "systemctl enable --quiet --now sapo-mirror@m2.sapo.test\n"
    assert (sapo / "mirror.pub").read_text().splitlines() == [push, sign], "keys are drawn once"


def test_a_mirror_knows_the_first_machine_by_two_keys_and_lets_it_do_one_thing(
    on_a_machine, tmp_path
):
    install = on_a_machine
    done = install("mirror")
    assert done.returncode == 1
    assert done.stderr.endswith("mirror.pub saknas: ta den från den första maskinen.\n")
    (install.etc / "sapo").mkdir(exist_ok=True)
    (install.etc / "sapo" / "mirror.pub").write_text("ssh-ed25519 PUSH\nssh-ed25519 SIGN\n")

    done = install("mirror")

    assert done.returncode == 0, done.stderr
    home = tmp_path / "lib" / "sapo-mirror"
    command = f"{tmp_path}/code/deploy/mirror {home}/site {install.etc}/sapo/mirror.signers"
    assert (
        home / ".ssh/authorized_keys"
    ).read_text() == f'restrict,command="{command}" ssh-ed25519 PUSH\n'
    signers = (install.etc / "sapo/mirror.signers").read_text()
    assert signers == 'sapo-edition namespaces="sapo-edition" ssh-ed25519 SIGN\n'
    assert os.readlink(tmp_path / "lib/sapo") == f"{home}/site/current"
    site = (install.etc / "nginx/sites-enabled/sapo").read_text()
    assert site.count("server_name www.sapo.test;") == 2
    included = set(re.findall(r"snippets/(sapo-[\w-]+\.conf)", site))
    assert all((install.etc / "nginx/snippets" / name).exists() for name in included)
    assert "Klart: 0 ändringar." in install("mirror").stdout

    install.answers = ""
    done = install("mirror")
    assert done.returncode == 0, "an update asks nothing anew: " + done.stderr
    assert "Klart: 0 ändringar." in done.stdout
    assert (install.etc / "sapo").stat().st_mode & 0o777 == 0o755


def test_a_mirror_gets_what_the_program_is_written_in_that_takes_files_in(on_a_machine, tmp_path):
    (on_a_machine.etc / "sapo").mkdir()
    (on_a_machine.etc / "sapo" / "mirror.pub").touch()
    (tmp_path / "bin" / "dpkg-query").write_text("#!/bin/sh\n")
    on_a_machine("mirror")
    line = (tmp_path / "called").read_text().splitlines()[1]
    assert {"install", "rsync", "python3"} <= set(line.split())


@pytest.fixture
def front(on_a_machine):
    """The machine of a site, with nginx set up, and its own file."""
    assert on_a_machine("nginx").returncode == 0
    return on_a_machine.etc / "nginx/sites-enabled/sapo"


def test_nginxs_file_is_the_releases_with_the_names_and_networks_of_the_answers(
    on_a_machine, front
):
    shipped = on_a_machine.program.with_name("nginx.conf")
    shipped.write_text(shipped.read_text().replace("tipsmottagning/ {", "tipsmottagning/ny/ {"))
    on_a_machine.answer(DESK_NETWORKS="198.51.100.0/24", HSTS="; includeSubDomains")

    assert on_a_machine("nginx").returncode == 0

    text = front.read_text()
    assert "tipsmottagning/ny/ {" in text
    assert "example.se" not in text
    assert "allow 198.51.100.0/24;" in text
    assert '"max-age=63072000; includeSubDomains";' in text
    assert "Klart: 0 ändringar." in on_a_machine("nginx").stdout


@pytest.mark.parametrize(
    ("place", "words", "said"),
    [
        ("elsewhere", [], "den nya koden ska ligga i {next}"),
        ("code.next", ["--back"], "Vägen tillbaka är {here}/deploy/update --back"),
        ("code", [], "den nya koden ska ligga i {next}"),
        ("code", ["--bak"], "den nya koden ska ligga i {next}"),
        ("code", ["--back"], "i {next} finns ingen deploy/install"),
        ("code", ["--finish"], "ingen uppdatering har stannat halvvägs"),
        ("begun", ["--finish"], "kör {here}/deploy/update --finish"),
        ("begun", [], "är inte klar. Kör {here}/deploy/update --finish"),
    ],
)
def test_an_update_from_where_no_code_is_to_be_ends_in_one_line(
    install, tmp_path, place, words, said
):
    if place == "begun":
        (tmp_path / "update.begun").write_text(f"{tmp_path}/code\n")
    program = tmp_path / place / "deploy" / "update"
    program.parent.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "deploy" / "update").read_text().replace("/etc/sapo", str(tmp_path))
    program.write_text(text.replace("/srv/sapo", f"{tmp_path}/code"))
    program.chmod(0o755)

    done = subprocess.run([program, *words], capture_output=True, text=True)

    assert done.returncode == 1
    assert said.format(here=tmp_path / "code", next=tmp_path / "code.next") in done.stderr
    assert done.stderr.startswith("deploy/update: ")
    assert done.stderr.count("\n") == 1


def test_a_site_may_do_without_a_signed_release_and_one_that_is_brought_is_laid_out(
    install, tmp_path
):
    done = install("release")
    assert done.returncode == 0, done.stderr
    assert f"= ingen signerad release i {install.etc}/sapo/release" in done.stdout

    brought = install.etc / "sapo" / "release"
    brought.mkdir(parents=True)
    (brought / "release.txt").touch()
    (tmp_path / "code" / "sapo").write_text('#!/bin/sh\necho "sapo $*"\nexit 1\n')
    (tmp_path / "code" / "sapo").chmod(0o755)
    done = install("release")
    assert f"sapo verify --take-in {brought}\n" in done.stdout
    assert done.returncode == 1
    assert done.stderr == "deploy/install: Det som ligger här är inte den signerade releasen.\n"


def test_what_is_asked_for_is_what_the_example_explains():
    example = (ROOT / "deploy" / "answers.example").read_text()
    explained = re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)
    assert explained == list(ANSWERS)


def test_each_job_is_a_command_and_has_a_time_that_systemd_knows():
    assert len(jobs()) == 14
    for name, (when, service, command, *_more) in jobs().items():
        assert re.fullmatch(r"[a-z-]+", name)
        if service == "-":
            assert f" {command}) " in (ROOT / "deploy" / "job").read_text()
        else:
            assert command in get_commands()
            assert service in {*SERVICES, "records"}
        if shutil.which("systemd-analyze"):
            run(["systemd-analyze", "calendar", when], dict(os.environ))


@pytest.fixture
def job(tmp_path: Path):
    """Runs deploy/job with stand-ins for what it calls; what root was mailed."""
    folder = tmp_path / "code" / "deploy"
    folder.mkdir(parents=True)
    for name in ("job", "alarm", "jobs"):
        text = (ROOT / "deploy" / name).read_text()
        text = text.replace("/run/sapo-jobs", str(tmp_path / "run")).replace(
            "timeout 15m", "timeout 1"
        )
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (tmp_path / "run").mkdir()
    stand_ins = {
        "sendmail": f'cat >> "{tmp_path}/mail"', "systemctl": 'case "$*" in *is-*) exit ${DEAD:-1};; esac; echo Result=success',
        "hostname": "echo maskinen",
    }  # fmt: skip
    for name, script in stand_ins.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "mail").write_text("")

    def do(name: str, manage: str, **dead: str) -> tuple[subprocess.CompletedProcess[str], str]:
        (folder / "manage").write_text(f"#!/bin/sh\n{manage}\n")
        (folder / "manage").chmod(0o755)
        (tmp_path / "mail").write_text("")
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **dead}
        done = subprocess.run(
            [folder / "job", name], env=environment, capture_output=True, text=True
        )
        if done.returncode:  # as systemd does
            alarm = [folder / "alarm", f"sapo-job@{name}.service"]
            subprocess.run(alarm, env=environment, check=True, capture_output=True)
        return done, (tmp_path / "mail").read_text()

    return do


def test_each_job_has_an_end():
    lines = re.findall(
        r"^        \S.*\) (.+) ;;$", (ROOT / "deploy" / "job").read_text(), re.MULTILINE
    )
    assert len(lines) == 7
    assert [line for line in lines if "timeout " not in line] == []


def test_what_a_job_says_is_thrown_away_and_it_runs_as_its_service(job):
    done, mail = job("tips-janitor", 'echo "$*" > called; echo 3 nya tips')
    assert (done.returncode, done.stdout, done.stderr, mail) == (0, "", "", "")


def test_what_a_job_warns_of_is_mailed_to_root_and_stands_in_no_log(job):
    done, mail = job("records", 'echo "Sidan Hemligt saknas" >&2')
    assert done.returncode == 0
    assert "Sidan Hemligt saknas" in mail
    assert "To: root" in mail
    assert "Hemligt" not in done.stdout + done.stderr


def test_a_job_that_fails_leaves_its_words_to_the_alarm(job):
    done, mail = job("publish", 'echo "not published" >&2; exit 3')
    assert done.returncode == 3
    assert (done.stdout, done.stderr) == ("", "")
    assert "Subject: sapo-job@publish.service" in mail
    assert "not published" in mail


def test_root_is_mailed_once_when_something_begins_and_once_when_it_is_over(job):
    fails, warns = 'echo "Fel $$" >&2; exit 1', "echo Posten 7 saknas >&2"
    mails = [
        job("records", what)[1] for what in (fails, fails, warns, warns, fails, "true", "true")
    ]
    begun, same, other, same_words, again, over, quiet = mails
    assert "Fel " in begun
    assert "Posten 7 saknas" in other
    assert "Subject: Över: sapo-job@records.service (maskinen)" in over
    assert [same, same_words, again, quiet] == [""] * 4
    assert "Fel " in job("records", fails)[1]


def test_what_goes_on_is_said_again_the_next_night(job, tmp_path):
    assert "Sidan saknas" in job("newsroom", "echo Sidan saknas >&2")[1]
    told = tmp_path / "run/newsroom.told"
    yesterday = told.stat().st_mtime - 21 * 60 * 60
    os.utime(told, (yesterday, yesterday))
    assert "Sidan saknas" in job("newsroom", "echo Sidan saknas >&2")[1]


def test_the_duty_phone_rings_where_no_mail_leaves(job, tmp_path):
    called = tmp_path / "called"
    script = f'case "$*" in *tips_alarm*) echo "$*" >> {called};; *) exit 1;; esac'
    _done, mail = job("records", script, DEAD="0")
    assert (mail, called.read_text()) == ("", "--as desk tips_alarm --try\n")


def test_no_job_starts_for_what_the_service_of_each_moment_does(job):
    assert job("publish", "exit 3", DEAD="0")[0].returncode == 0


def test_a_job_that_hangs_is_ended_and_has_failed(job):
    done, _mail = job("tips-alarm", "sleep 30")
    assert done.returncode == 124


def test_the_proof_of_the_records_goes_to_the_journal(job):
    done, _mail = job("verify", 'echo "7 poster, hela ($*)"')
    assert done.stdout == "7 poster, hela (--as records verify_records)\n"


def test_how_far_tips_are_counted_goes_to_the_journal_at_night(job):
    """Where whoever owns the database cannot change it; and says of no hour that a tip came."""
    done, _mail = job("tips-arrival", 'echo "Senaste ankomsten: 4:ab ($*)"')
    assert done.stdout == "Senaste ankomsten: 4:ab (--as desk tips_status --arrival)\n"


def test_a_job_that_nobody_knows_is_refused(job):
    done, _mail = job("backup-of-yesterday", "true")
    assert done.returncode == 1
    assert done.stderr == "deploy/jobs har inget jobb som heter backup-of-yesterday.\n"


def test_a_step_that_there_is_not_is_refused_and_no_program_of_that_name_is_run(install):
    done = install("reboot")
    assert done.returncode == 1
    assert done.stderr == "deploy/install: Det finns inget steg som heter reboot.\n"


def test_a_key_that_stands_in_the_settings_is_not_drawn_anew(install, tmp_path):
    (install.etc / "sapo").mkdir()
    (install.etc / "sapo" / "intake.key").write_text("x")
    for service in SERVICES:
        (install.etc / "sapo" / f"{service}.env").write_text("SAPO_SECRET_KEY='av förr'\n")

    done = install("secrets")

    assert done.returncode == 0, done.stderr
    assert list((install.etc / "sapo").glob("*.cred")) == []


def test_a_migration_that_fails_ends_the_installation(install, tmp_path):
    manage = tmp_path / "code" / "deploy" / "manage"
    manage.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/called"\nexit 1\n')

    done = install("tables")

    assert done.returncode != 0
    assert (tmp_path / "called").read_text() == "--as editorial migrate --database default\n"
