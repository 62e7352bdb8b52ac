"""What no service may do on a real machine, tried as its user and from where it stands."""

import json
import shlex
from typing import Any

import pytest

from .site import SERVICES, Site

ENVIRONMENTS = [
    (user, f"/etc/sapo/{service}.env")
    for user in (*SERVICES, "records", "tips-owner") for service in SERVICES
]  # fmt: skip
SHUT = [
    # The keys and what is sealed.
    *[(user, "cat /etc/sapo/intake.key") for user in ("public", "editorial", "desk", "records", "tips-owner")],
    *[(user, "touch /etc/sapo/trust/x") for user in (*SERVICES, "records", "tips-owner")],
    *[(user, f"cat /etc/sapo/{user}.SAPO_SECRET_KEY.cred") for user in SERVICES],
    *[(user, "cat /etc/sapo/answers") for user in SERVICES],
    *[(user, "cat /etc/smtpd-secrets") for user in SERVICES],
    *[(user, "cat /etc/ssl/agency/key.pem") for user in SERVICES],
    *[(user, "ls /root /var/lib/sapo/backup") for user in SERVICES],
    # Tips.
    *[(user, "ls /var/lib/sapo/tips") for user in ("public", "editorial", "records", "tips-owner")],
    *[(user, "ls /var/lib/sapo/tips/sealed") for user in ("public", "editorial", "records", "tips-owner")],
    # What the others write.
    *[(user, "ls /var/lib/sapo/files/closed") for user in ("public", "intake", "desk", "records")],
    *[(user, "touch /var/lib/sapo/files/public/x") for user in ("public", "intake", "desk", "records")],
    *[(user, "touch /var/lib/sapo/edition/x") for user in ("public", "intake", "desk", "records")],
    *[(user, "touch /var/lib/sapo/records/x") for user in SERVICES],
    *[(user, "ls /var/lib/sapo/messages") for user in ("public", "intake", "desk", "records")],
    *[(user, "ls /var/lib/sapo/records_spool") for user in ("public", "intake", "desk")],
    # What all of them run.
    *[(user, f"touch {place}") for user in (*SERVICES, "records", "tips-owner")
      for place in ("/var/lib/sapo/static/x", "/srv/sapo/x", "/srv/sapo/.venv/x", "/etc/sapo/x", "/etc/systemd/system/x")],
    # What another service's process holds.
    *[(user, f"cat /proc/$(systemctl show --property MainPID --value sapo@{other})/environ")
      for user in SERVICES for other in SERVICES if user != other],
]  # fmt: skip
SQL = [
    *[(user, "sapo", "SELECT 1") for user in ("intake", "desk", "tips-owner")],
    *[(user, "sapo_tips", "SELECT 1") for user in ("public", "editorial", "records")],
    *[(user, "postgres", "SELECT 1") for user in ("public", "intake", "desk", "records")],
    *[("public", "sapo", statement) for statement in (
        "SELECT password FROM auth_user", "SELECT * FROM django_session", "SELECT * FROM wagtailcore_revision",
        "SELECT * FROM wagtailadmin_formstate", "SELECT draft_title FROM wagtailcore_page",
        "SELECT * FROM newsroom_submission", "UPDATE wagtailcore_page SET title = 'x'", "DELETE FROM wagtailcore_page",
        "INSERT INTO ground_contentversion DEFAULT VALUES", "CREATE TABLE x ()", "CREATE TEMP TABLE x ()",
        "SELECT lo_creat(-1)", "COPY (SELECT 1) TO PROGRAM 'id'", "SELECT pg_read_file('/etc/passwd')",
        'SET ROLE "sapo-editorial"', "ALTER TABLE wagtailcore_page DISABLE ROW LEVEL SECURITY",
    )],
    *[("intake", "sapo_tips", statement) for statement in (
        "SELECT * FROM tips_tip", "SELECT count(*) FROM tips_tip", "UPDATE tips_tip SET state = 'closed'",
        "DELETE FROM tips_tip", "SELECT * FROM tips_event", "INSERT INTO tips_event DEFAULT VALUES",
        "SELECT * FROM tips_desksession", "CREATE TABLE x ()",
        'SET ROLE "sapo-tips-owner"', "SELECT lo_creat(-1)",
    )],
    *[("desk", "sapo_tips", statement) for statement in (
        "UPDATE tips_event SET seq = seq", "DELETE FROM tips_event", "DELETE FROM tips_tombstone",
        "UPDATE tips_tip SET received_on = now()",
        "TRUNCATE tips_event", "CREATE TABLE x ()",
        'SET ROLE "sapo-tips-owner"',
    )],
    *[("editorial", "sapo", statement) for statement in (
        "COPY (SELECT 1) TO PROGRAM 'id'", "SELECT pg_read_file('/etc/passwd')", "CREATE ROLE x SUPERUSER",
        "SET ROLE postgres", "ALTER SYSTEM SET archive_command = 'id'",
    )],
]  # fmt: skip
_REFUSALS = ("Permission denied", "cannot open directory")


def _tried(site: Site, lines: list[str]) -> list[str]:
    """What each line came to: all of them at once, since a way in takes its time."""
    script = "".join(
        f'said=$({line} 2>&1) < /dev/null; echo "$?|$(echo $said)"\n' for line in lines
    )
    said = site.machine.do("sh", said=script, seconds=180).splitlines()
    assert len(said) == len(lines), "\n".join(said)
    return said


def _as(user: str, command: str) -> str:
    return f"runuser -u sapo-{user} -- sh -c {shlex.quote(command)}"


def test_no_service_opens_what_is_anothers(site):
    asked = [*SHUT, *((user, f"cat {path}") for user, path in ENVIRONMENTS)]
    came = _tried(site, [_as(user, command) for user, command in asked])
    let = [
        (user, command, said) for (user, command), said in zip(asked, came, strict=True)
        if said.startswith("0|") or not any(each in said for each in _REFUSALS)
    ]  # fmt: skip
    print(f"{len(asked)} accesses of files denied")
    assert let == []


def test_no_service_asks_the_databases_for_more_than_its_own(site):
    lines = [
        f"runuser -u sapo-{user} -- psql --no-psqlrc -v ON_ERROR_STOP=1 -d {database} -c {shlex.quote(statement)}"
        for user, database, statement in SQL
    ]
    came = _tried(site, lines)
    let = [
        (asked, said) for asked, said in zip(SQL, came, strict=True)
        # Never for a name that there is not.
        if said.startswith("0|") or not any(each in said for each in ("permission denied", "must be owner"))
    ]  # fmt: skip
    print(f"{len(SQL)} statements denied")
    assert let == []


@pytest.mark.parametrize("service", SERVICES)
def test_from_where_a_service_stands_there_is_nothing_else_to_write(site, service):
    inside = f"nsenter --target {_main(site, service)} --mount -- runuser -u sapo-{service} -- "
    came = _tried(
        site,
        [f"{inside}{command}" for command in (
            "touch /usr/x", "touch /var/lib/x", "touch /srv/sapo/x", "touch /var/lib/sapo/static/x",
            "ls /root", "ls /var/lib/sapo/backup", "cat /etc/shadow", "ls /home/x",
        )],
    )  # fmt: skip
    assert [said for said in came if said.startswith("0|")] == []
    if service != "desk" and service != "intake":
        assert site.machine.attempt(f"{inside}ls /var/lib/sapo/tips").returncode != 0


@pytest.mark.parametrize("service", ["public", "intake", "desk"])
def test_from_where_a_service_stands_there_is_no_network(site, service):
    address = site.machine.do("hostname -I").split()[0]
    said = site.machine.do(
        f"nsenter --target {_main(site, service)} --net -- python3 - {address}", said=_REACH
    )
    assert said == "[Errno 101] Network is unreachable\n"
    # From the machine itself it is reached.
    assert site.machine.do(f"python3 - {address}", said=_REACH) == "reached\n"


_REACH = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 443), 5).close()
    print("reached")
except OSError as error:
    print(error)
"""


# Asks as the CMS does, and as its user: what a job that has taken over the child reaches.
_LOOK_AROUND = """
import json, tempfile
from pathlib import Path
from django.conf import settings
from pages.library.apart import parent
settings.READER_SOCKET = {socket!r}
with tempfile.TemporaryDirectory() as folder:
    print(json.dumps(parent.ask_child("tests.looking_around:look_around", {given!r}, Path(folder), parent.Bounds())))
"""
_OF_OURS = [
    "/etc/sapo", "/etc/sapo/intake.key", "/etc/sapo/editorial.env", "/etc/sapo/editorial.SAPO_SECRET_KEY.cred",
    "/etc/shadow", "/etc/passwd", "/root", "/run/credentials", "/run/sapo", "/var/lib/sapo", "/var/lib/sapo/files/closed",
    "/var/lib/sapo/records_spool", "/var/lib/postgresql", "/var/log/journal", "/run/systemd/journal", "/srv/sapo.next",
]  # fmt: skip
_SOCKETS = [
    "/run/postgresql/.s.PGSQL.5432", "/run/systemd/journal/socket", "/run/systemd/private",
    "/run/dbus/system_bus_socket", *(f"/run/sapo/{name}.sock" for name in (*SERVICES, "reader")),
]  # fmt: skip
_NO_READER = """[ -z "$(systemctl list-units --all --plain --no-legend 'sapo-reader@*')" ]"""
# All kinds of work that the reader does, on files of each room's own tests.
_READ_ALL = """
from io import BytesIO
import tempfile
from pathlib import Path
from django.core.files.base import ContentFile
from PIL import Image
import pikepdf
from pages.library.cleaning.cleaned_files import cleaned
from pages.importing.reading_apart import article_in_file
from pages.library.upload import without_metadata
from pages.library.models import SiteImage
pdf, picture = BytesIO(), BytesIO()
with pikepdf.new() as made:
    made.add_blank_page()
    made.save(pdf)
Image.new("RGB", (900, 600), "#113158").save(picture, "JPEG")
with cleaned(ContentFile(pdf.getvalue()), "plan.pdf") as file:
    print(file.read(5))
with without_metadata(BytesIO(picture.getvalue()), "kust.jpg") as file:
    print(file.header.format_name)
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "kust.jpg").write_bytes(picture.getvalue())
    page = Path(folder, "nyhet.html")
    page.write_text("<h1>Nyhet</h1><p>Hej.</p><img src='kust.jpg' alt='Kust'>")
    print(article_in_file(page).image.alt_text)
image = SiteImage(title="Kust", file=ContentFile(picture.getvalue(), "kust.jpg"))
image.save()
print(*sorted({image.get_rendition(f"width-80|format-{each}").file.name[-4:] for each in ("avif", "webp", "jpeg")}))
image.delete()
"""


def _seen_by_a_job(site: Site, socket: str) -> dict[str, Any]:
    given = {
        "paths": _OF_OURS, "sockets": _SOCKETS, "port": 443, "signalled": int(_main(site, "editorial")),
        "places": ["/", "/etc", "/usr", "/srv/sapo", "/var/lib", "/var/lib/sapo", "/run", "/run/sapo", "/dev/shm"],
    }  # fmt: skip
    program = _LOOK_AROUND.format(socket=socket, given=given)
    return json.loads(site.manage("shell", "--no-imports", "--command", program))


def test_a_job_that_has_taken_over_the_reader_reads_nothing_of_ours_and_reaches_no_socket(site):
    told = _seen_by_a_job(site, "/run/sapo/reader.sock")
    assert told["got"] == []
    assert {*told["environment"]} <= {
        "INVOCATION_ID", "LANG", "LOGNAME", "PATH", "SYSTEMD_EXEC_PID", "TMPDIR", "USER", "LC_CTYPE",
    }  # fmt: skip
    # In a process of the CMS's own user, which production has not, it reaches a good deal.
    got = _seen_by_a_job(site, "")["got"]
    assert {
        "reads /var/lib/sapo/files/closed",
        "reaches /run/postgresql/.s.PGSQL.5432",
        "reaches 127.0.0.1",
    } <= {*got}


def test_the_reader_reads_every_kind_of_file_that_comes_in_and_leaves_nothing(site):
    said = site.manage("shell", "--no-imports", "--command", _READ_ALL)
    assert said.splitlines() == ["b'%PDF-'", "jpeg", "Kust", ".jpg avif webp"]
    site.machine.wait_until(_NO_READER, seconds=30)
    assert site.machine.do("find /tmp /var/tmp -name '*sapo-reader*'") == ""


@pytest.mark.parametrize("user", ["public", "intake", "desk", "records", "tips-owner", "mirror"])
def test_nobody_but_the_cms_reaches_the_reader(site, user):
    connect = "import socket; socket.socket(socket.AF_UNIX).connect('/run/sapo/reader.sock')"
    said = site.machine.attempt(
        f"runuser -u sapo-{user} -- python3 -c {shlex.quote(connect)}"
    ).stdout
    assert "PermissionError" in said


def test_a_reader_that_hangs_is_ended_by_the_machine_when_the_cms_hangs_up(site):
    program = (
        "import tempfile\nfrom pathlib import Path\nfrom pages.library.apart import parent\n"
        "print(parent.ask_child('time:sleep', {'secs': 600}, Path(tempfile.mkdtemp()), parent.Bounds(seconds=2)))"
    )
    assert site.manage("shell", "--no-imports", "--command", program) == "None\n"
    site.machine.wait_until(_NO_READER, seconds=30)
    assert site.machine.do("systemctl list-units --failed --plain --no-legend") == ""


def _main(site: Site, service: str) -> str:
    return site.machine.do(f"systemctl show --property MainPID --value sapo@{service}").strip()
