"""Looks whether a machine keeps what docs/operations.md promises: `deploy/doctor`, as root.

It knows nothing by itself: users, folders, rights, jobs and last days of support are the tables in deploy/.
"""

import grp
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SERVICES = ("public", "editorial", "intake", "desk")
_SOON = timedelta(days=90)
CERTIFICATE_SOON = timedelta(days=14)
MAIL_AT_MOST = timedelta(hours=1)
MIRRORS = Path("/var/lib/sapo/mirrors")
UPDATE_BEGUN = Path("/etc/sapo/update.begun")
MIRROR_AT_MOST = 15 * 60  # seconds
FREE_AT_LEAST = 0.15
ALL_RIGHTS = """
SELECT relname, kind FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS kind
WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND relnamespace = 'public'::regnamespace
    AND has_any_column_privilege(pg_class.oid, kind)
UNION SELECT relname, kind FROM pg_class, unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS kind
WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND relnamespace = 'public'::regnamespace
    AND has_table_privilege(pg_class.oid, kind)
"""

_Rights = dict[tuple[str, str], dict[str, set[str]]]


class Symptom(NamedTuple):
    is_well: bool
    text: str


def hear(*words: str) -> Symptom:
    """What a command says, and whether it succeeded."""
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Symptom(False, str(error))
    return Symptom(done.returncode == 0, (done.stdout or done.stderr).strip())


def table_rows(name: str) -> list[list[str]]:
    """The lines of a table in deploy/, as words."""
    lines = (DEPLOY / name).read_text().splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


def rights_of(text: str) -> _Rights:
    """What deploy/rights says: (database, user) -> table -> rights."""
    found: _Rights = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            database, user, rights, *tables = line.split()
            of_user = found.setdefault((database, user), {})
            of_user.update({table: set(rights.split(",")) for table in tables})
    return found


def check_users() -> Iterator[Symptom]:
    wanted: dict[str, set[str]] = {}
    for kind, name, *rest in table_rows("sysusers.conf"):
        if kind == "u":
            wanted[name] = {rest[0].partition(":")[2] or name}
        elif kind == "m":
            wanted.setdefault(name, set()).add(rest[0])
    for name, groups in wanted.items():
        said = hear("id", "--groups", "--name", name)
        has = set(said.text.split()) if said.is_well else set()
        # nginx's user has a group of its own.
        is_well = groups <= has if name == "www-data" else groups == has
        yield Symptom(is_well, f"användaren {name}: {' '.join(sorted(has)) or 'finns inte'}")


def check_folders() -> Iterator[Symptom]:
    for owner, group, mode, folder in table_rows("folders"):
        yield _owned(Path(folder), owner, group, int(mode, 8))


def check_settings() -> Iterator[Symptom]:
    etc = Path("/etc/sapo")
    for service in SERVICES:
        yield _owned(etc / f"{service}.env", "root", "root", 0o600)
        yield _owned(etc / f"{service}.SAPO_SECRET_KEY.cred", "root", "root", 0o600)
    yield _owned(etc / "intake.key", "sapo-intake", "sapo", 0o400)
    yield _owned(etc / "trust", "root", "root", 0o755)


def check_rights() -> Iterator[Symptom]:
    """Every table, asked as each service's user, in both databases."""
    allowed = rights_of((DEPLOY / "rights").read_text())
    for database in ("sapo", "sapo_tips"):
        for service in (*SERVICES, "records"):
            user = f"sapo-{service}"
            if (database, user) == ("sapo", "sapo-editorial"):
                continue  # it owns the tables
            said = _rights_of(user, database)
            # The job that files the records reads as visitors do.
            of_user = allowed.get((database, user.replace("records", "public")))
            if of_user is None:
                what = "kommer in, och ska inte," if said.is_well else "kommer inte in"
                yield Symptom(not said.is_well, f"{user} {what} i databasen {database}")
                continue
            has: dict[str, set[str]] = {}
            for line in said.text.splitlines() if said.is_well else []:
                table, kind = line.split("|")
                has.setdefault(table, set()).add(kind)
            wrong = sorted(name for name in {*has, *of_user} if has.get(name) != of_user.get(name))
            what = f"avviker för {', '.join(wrong)}" if wrong else f"{len(has)} tabeller"
            yield Symptom(not wrong, f"{user} i databasen {database}: {what}")


def check_units() -> Iterator[Symptom]:
    ours = [f"sapo@{service}" for service in SERVICES]
    units = [*ours, *(f"{each}.socket" for each in ours), "sapo-reader.socket", "sapo-edition"]
    units += ["sapo-moments", "sapo-backup"]
    for unit in [*units, "nginx", "postgresql", "opensmtpd"]:
        state = hear("systemctl", "is-active", unit)
        what = "igång" if state.is_well else f"inte igång ({state.text})"
        yield Symptom(state.is_well, f"{unit} är {what}")
    for service in SERVICES:
        yield _owned(Path(f"/run/sapo/{service}.sock"), "root", "www-data", 0o660)
    yield _owned(Path("/run/sapo/reader.sock"), "sapo-editorial", "sapo", 0o600)


def check_jobs() -> Iterator[Symptom]:
    for name, *_rest in table_rows("jobs"):
        timer, service = f"sapo-job@{name}.timer", f"sapo-job@{name}.service"
        is_timed = hear("systemctl", "is-active", timer).is_well
        has_failed = hear("systemctl", "is-failed", service).is_well
        what = (
            "misslyckades senast" if has_failed else "har sin tid" if is_timed else "har ingen tid"
        )
        yield Symptom(is_timed and not has_failed, f"jobbet {name} {what}")


def check_keyring() -> Iterator[Symptom]:
    said = hear(str(DEPLOY / "manage"), "--as", "intake", "tips_keyring", "verify")
    yield Symptom(said.is_well, f"nyckelringen: {_last_line(said.text)}")


def check_passkeys(settings: Path = Path("/etc/sapo/desk.env")) -> Iterator[Symptom]:
    asks = "SAPO_TIPS_PASSKEYS=none" not in settings.read_text().split()
    yield Symptom(asks, f"tipsmottagningen {'kräver' if asks else 'kräver inte'} passnycklar")


def check_certificate() -> Iterator[Symptom]:
    path = "/etc/ssl/sapo/fullchain.pem"
    said = hear("openssl", "x509", "-in", path, "-noout", "-enddate")
    if not said.is_well:
        yield Symptom(False, f"certifikatet {path} går inte att läsa")
        return
    text = said.text.partition("=")[2]
    end = datetime.strptime(text, "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)
    yield Symptom(
        end - datetime.now(UTC) > CERTIFICATE_SOON, f"certifikatet gäller till {end:%Y-%m-%d}"
    )
    key = Path("/etc/ssl/sapo/key.pem").resolve()
    is_shut = not key.stat().st_mode & 0o007
    yield Symptom(is_shut, f"{key} {'läses inte' if is_shut else 'får läsas'} av tjänsterna")
    for name in _names():
        said = hear("openssl", "x509", "-in", path, "-noout", "-checkhost", name)
        is_named = "does match" in said.text
        yield Symptom(is_named, f"certifikatet gäller {'' if is_named else 'inte '}för {name}")


def check_key_exchange() -> Iterator[Symptom]:
    """What nginx agrees on with a browser that knows all ways, which guesses at the older one."""
    best = "X25519MLKEM768" if _knows_ml_kem() else "X25519"
    asked = dict.fromkeys(("X25519", best))
    words = ["openssl", "s_client", "-connect", "127.0.0.1:443", "-tls1_3", "-groups"]
    said = hear(*words, ":".join(asked), "-servername", _names()[0])
    agreed = re.search(r"TLS1.3 group: (\S+)|Temp Key: (\w+)", said.text)
    group = (agreed[1] or agreed[2]) if agreed else "inget"
    late = "" if best != "X25519" else "; X25519MLKEM768 kräver OpenSSL 3.5"
    yield Symptom(group == best, f"nyckelutbyte i TLS: {group}{late}")


def check_update() -> Iterator[Symptom]:
    if UPDATE_BEGUN.exists():
        way = f"{UPDATE_BEGUN.read_text().strip()}/deploy/update --finish"
        yield Symptom(False, f"en uppdatering har stannat halvvägs: kör {way}")
    else:
        yield Symptom(True, "ingen uppdatering har stannat halvvägs")


def check_release() -> Iterator[Symptom]:
    """Whether all that is installed was signed; a site may do without a signed release."""
    said = hear(str(DEPLOY.parent / "sapo"), "verify")
    first = said.text.partition("\n")[0]
    yield Symptom(said.is_well or first.startswith("Ingen signerad release"), f"releasen: {first}")


def check_mail() -> Iterator[Symptom]:
    said = hear("smtpctl", "show", "queue")
    waiting = _oldest_mail(said.text)
    if not said.is_well:
        yield Symptom(False, f"mejlkön går inte att läsa: {_last_line(said.text)}")
    elif waiting is None:
        yield Symptom(True, "inget mejl väntar")
    else:
        hours = waiting.total_seconds() / 3600
        yield Symptom(waiting <= MAIL_AT_MOST, f"det äldsta mejlet har väntat {hours:.0f} timmar")


def check_mail_leaves() -> Iterator[Symptom]:
    """Sends root a mail: whether it has left the queue within half a minute."""
    message = "To: root\nSubject: deploy/doctor\n\nSkickat av deploy/doctor --mail.\n"
    done = subprocess.run(["/usr/sbin/sendmail", "-t"], input=message, text=True, timeout=30)
    for _second in range(30):
        if done.returncode or not hear("smtpctl", "show", "queue").text:
            break
        time.sleep(1)
    left = done.returncode == 0 and not hear("smtpctl", "show", "queue").text
    yield Symptom(left, "mejl till root lämnade maskinen" if left else "mejl till root ligger kvar")


def check_backup() -> Iterator[Symptom]:
    said = hear(str(DEPLOY / "manage"), "backup", "--status")
    yield Symptom(said.is_well, _last_line(said.text))


def check_mirrors() -> Iterator[Symptom]:
    for mirror in sorted(MIRRORS.glob("*/")):
        sent = sent_to_mirror(mirror)
        when = f"{datetime.fromtimestamp(sent, UTC):%Y-%m-%d %H:%M} UTC" if sent else "aldrig"
        yield Symptom(
            time.time() - sent < MIRROR_AT_MOST, f"spegeln {mirror.name} tog senast emot: {when}"
        )


def sent_to_mirror(state: Path) -> float:
    """When a mirror last had all that readers meet here, in seconds since 1970 (sapo_site/operating/mirror.py)."""
    try:
        return datetime.fromisoformat((state / "last_good").read_text().split()[0]).timestamp()
    except (OSError, ValueError, IndexError):
        return 0


def check_clock() -> Iterator[Symptom]:
    said = hear("timedatectl", "show", "--property=NTPSynchronized", "--value")
    is_set = said.text == "yes"
    yield Symptom(is_set, f"klockan ställs {'' if is_set else 'inte '}efter en tidsserver")


def check_disks() -> Iterator[Symptom]:
    for folder in ("/", "/var/lib/sapo", "/var/lib/postgresql", "/var/log"):
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total
        yield Symptom(free >= FREE_AT_LEAST, f"{folder}: {free:.0%} ledigt")


def check_swap() -> Iterator[Symptom]:
    """None, or in memory, or on a device that is encrypted."""
    used = [line.split()[0] for line in Path("/proc/swaps").read_text().splitlines()[1:]]
    for name in used:
        kinds = hear("lsblk", "--noheadings", "--inverse", "--output", "TYPE", name).text.split()
        is_sealed = "crypt" in kinds or "/zram" in name
        yield Symptom(
            is_sealed, f"växling till {name}, {'krypterad' if is_sealed else 'okrypterad'}"
        )
    if not used:
        yield Symptom(True, "ingen växling till disk")


def check_support() -> Iterator[Symptom]:
    server = hear("runuser", "-u", "postgres", "--", "psql", "-At", "-c", "SHOW server_version")
    debian = re.search(r'^VERSION_ID="?(\d+)', Path("/etc/os-release").read_text(), re.MULTILINE)
    here = {
        "Debian": debian[1] if debian else "?",
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "PostgreSQL": server.text.partition(".")[0] or "?",
        "Django": ".".join(version("django").split(".")[:2]),
        "Wagtail": ".".join(version("wagtail").split(".")[:2]),
    }
    yield from supported(here, date.today())


def supported(here: dict[str, str], today: date) -> Iterator[Symptom]:
    """Whether what is here is mended for some time yet, by deploy/support.tsv."""
    ends = {
        (what, number): date.fromisoformat(day)
        for what, number, day, *_ in table_rows("support.tsv")
    }
    for what, number in here.items():
        end = ends.get((what, number))
        until = f"rättas till {end}" if end else "står inte i deploy/support.tsv"
        yield Symptom(end is not None and end - today > _SOON, f"{what} {number} {until}")


CHECKS = [
    check_users, check_folders, check_settings, check_rights, check_units, check_jobs, check_keyring, check_passkeys, check_certificate, check_key_exchange, check_update, check_release, check_mail, check_backup, check_mirrors, check_clock, check_disks,
    check_swap, check_support,
]  # fmt: skip


def examine(checks: list[Callable[[], Iterator[Symptom]]]) -> Iterator[Symptom]:
    """What each check sees; one that breaks is itself a fault."""
    for check in checks:
        try:
            yield from check()
        except Exception as error:
            yield Symptom(False, f"{check.__name__} gick inte att pröva: {error}")


def consult(words: list[str]) -> int:
    if words not in ([], ["--mail"]):
        print("deploy/doctor [--mail]", file=sys.stderr)
        return 1
    if os.geteuid() != 0:
        print("deploy/doctor: kör som root.", file=sys.stderr)
        return 1
    faults = 0
    for seen in examine([*CHECKS, check_mail_leaves] if words else CHECKS):
        print(f"{'ok ' if seen.is_well else 'FEL'}  {seen.text}", flush=True)
        faults += not seen.is_well
    print("Allt är som det ska." if not faults else f"{faults} fel.")
    return 1 if faults else 0


def _owned(path: Path, owner: str, group: str, mode: int) -> Symptom:
    try:
        status = path.lstat()
        has = (pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid).gr_name)
    except (OSError, KeyError) as error:
        return Symptom(False, f"{path}: {error}")
    bits = stat.S_IMODE(status.st_mode)
    is_well = has == (owner, group) and bits == mode
    wanted = "" if is_well else f", ska vara {owner}:{group} {mode:04o}"
    return Symptom(is_well, f"{path} {has[0]}:{has[1]} {bits:04o}{wanted}")


def _rights_of(user: str, database: str) -> Symptom:
    return hear("runuser", "-u", user, "--", "psql", "-At", "-d", database, "-c", ALL_RIGHTS)


def _oldest_mail(queue: str) -> timedelta | None:
    """How long the oldest line of `smtpctl show queue` has waited; its eighth field is since when."""
    since = [int(line.split("|")[7]) for line in queue.splitlines() if line.count("|") > 7]
    return timedelta(seconds=max(0, int(time.time()) - min(since))) if since else None


def _names() -> list[str]:
    site = Path("/etc/nginx/sites-enabled/sapo").read_text()
    return sorted(set(re.findall(r"^\s+server_name (\S+);$", site, re.MULTILINE)))


def _knows_ml_kem() -> bool:
    return "X25519MLKEM768" in hear("openssl", "list", "-kem-algorithms").text


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""


if __name__ == "__main__":
    sys.exit(consult(sys.argv[1:]))
