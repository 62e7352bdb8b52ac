"""What the units of systemd let each service reach: docs/security.md leans on it."""

import re
import shutil
import subprocess
from pathlib import Path

from pages.library import drawn_filters
from pages.library.apart.parent import Bounds
from tests.tables import every_row

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
# They begin as root, to read a service's settings, and go on as that service.
_BEGIN_AS_ROOT = {"sapo-job@.service", "sapo-alarm@.service"}
HARDENED = DEPLOY / "hardened.conf"
UNITS = [unit for unit in sorted(DEPLOY.glob("*.service")) if unit.name not in _BEGIN_AS_ROOT]
# Its whole work is to ask other machines; it has no data and no settings.
_ASKS_OTHERS = "sapo-links.service"
_ALSO_BY_NETWORK = {
    "sapo@editorial.service",
    "sapo-moments.service",
}  # mail, by the machine's own server
# It answers on the socket that systemd hands it, and opens none.
_READS = "sapo-reader@.service"
# It sends to the machine that keeps backups, which a network.conf of its own names.
_SENDS_BACKUPS = "sapo-backup.service"
# It sends to one mirror, in the same way.
_SENDS_TO_A_MIRROR = "sapo-mirror@.service"
# What belongs to all services is read, and restored to be tried, as root without root's other rights.
_RIGHTS = {
    _SENDS_BACKUPS: "CAP_DAC_READ_SEARCH CAP_KILL CAP_SETUID CAP_SETGID",
    "sapo-backup-rehearsal.service": "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETUID CAP_SETGID",
}


def _said(unit: Path) -> dict[str, str]:
    """What the unit says, and what deploy/install lays beside it."""
    text = unit.read_text() + (HARDENED.read_text() if unit in UNITS else "")
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def test_there_are_units():
    assert len(UNITS) == 11


@every_row("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_reaches_no_other_machine_unless_that_is_its_work(unit):
    said = _said(unit)
    if unit.name == _ASKS_OTHERS:
        assert "10.0.0.0/8" in said["IPAddressDeny"]
        assert said["DynamicUser"] == "yes"
        assert "EnvironmentFile" not in said
    elif unit.name in {*_ALSO_BY_NETWORK, _SENDS_BACKUPS, _SENDS_TO_A_MIRROR}:
        assert (said["IPAddressDeny"], said["IPAddressAllow"]) == ("any", "localhost")
    else:
        assert said["PrivateNetwork"] == "yes"
        assert said["RestrictAddressFamilies"] == ("none" if unit.name == _READS else "AF_UNIX")


@every_row("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_has_no_rights_beyond_its_work(unit):
    said = _said(unit)
    assert said.get("User", "nobody") != "root"
    assert said["NoNewPrivileges"] == "yes"
    assert said["CapabilityBoundingSet"] == _RIGHTS.get(unit.name, "")
    assert said["ProtectSystem"] == "strict"
    assert said["LimitCORE"] == "0"


@every_row("unit", sorted(DEPLOY.glob("*@*.service")), ids=lambda unit: unit.name)
def test_root_is_told_when_a_service_or_a_job_has_failed(unit):
    said = _said(unit)
    # A file that ends its reader is refused in the CMS.
    is_silent = "alarm" in unit.name or unit.name == _READS
    assert said.get("OnFailure") == (None if is_silent else "sapo-alarm@%n.service")


def test_what_reads_files_from_outside_has_a_user_of_its_own_and_nothing_of_ours(tmp_path):
    unit, socket = DEPLOY / _READS, _said(DEPLOY / "sapo-reader.socket")
    said = _said(unit)
    assert said["DynamicUser"] == "yes"
    assert f" {said['RootDirectory']}\n" in (DEPLOY / "folders").read_text()
    assert said["BindReadOnlyPaths"].split() == ["/usr", "/lib", "-/lib64", "/srv/sapo"]
    assert not {"User", "Group", "SupplementaryGroups", "EnvironmentFile", "LoadCredential", "ReadWritePaths",
                "BindPaths", "StateDirectory"} & {*said}  # fmt: skip
    assert (said["StandardOutput"], said["StandardError"]) == ("null", "null")
    # It writes where there is a bound, which is part of its memory's.
    assert (
        f"{said['Environment'].removeprefix('TMPDIR=')}:size=2304M," in said["TemporaryFileSystem"]
    )
    assert said["MemoryMax"] == "4G"
    assert "InaccessiblePaths" in said
    assert (socket["SocketUser"], socket["SocketMode"], "SocketGroup" in socket) == (
        "sapo-editorial",
        "0600",
        False,
    )
    assert (
        f"SAPO_READER_SOCKET={socket['ListenStream']}\n"
        in (DEPLOY / "environment.example").read_text()
    )
    largest_film = Bounds.seconds + 1024 // 20
    assert int(said["RuntimeMaxSec"]) > max(drawn_filters._BOUNDS.seconds, largest_film) + 30
    shutil.copy(unit, tmp_path)
    (tmp_path / f"{unit.name}.d").mkdir()
    shutil.copy(HARDENED, tmp_path / f"{unit.name}.d")
    command = [
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--no-pager",
        "--threshold=10",
        str(tmp_path / unit.name),
    ]
    if shutil.which(command[0]):
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Overall exposure level for sapo-reader@test_instance.service: 0.5" in told


def test_nginx_passes_requests_to_our_sockets_and_to_nothing_else():
    passed = set()
    for path in DEPLOY.glob("nginx*.conf"):
        lines = re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.MULTILINE)
        passed |= set(re.findall(r"proxy_pass\s+(\S+?)(?:\$request_uri)?;", lines))
        passed |= set(re.findall(r"server\s+(unix:\S+)", lines))
        passed |= set(re.findall(r"set \$sapo_first (\S+);", lines))
    services = {"public", "editorial", "intake", "desk"}
    assert passed == {
        "http://$sapo_files",
        "$sapo_first",
        *(f"http://sapo_{service}" for service in services),
        *(f"unix:/run/sapo/{service}.sock" for service in services),
    }


def test_secrets_are_sealed_under_the_names_of_our_variables():
    known = set(
        re.findall(r"^([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE)
    )
    lines = re.findall(
        r"^LoadCredentialEncrypted=(\w+):(\S+)$",
        (DEPLOY / "secrets.conf").read_text(),
        re.MULTILINE,
    )
    assert lines
    for name, file in lines:
        assert name in known
        assert file == f"/etc/sapo/%i.{name}.cred"  # where deploy/manage looks as well
