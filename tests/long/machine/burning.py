"""A machine burns while people work, and another one becomes the site from what was sent of it."""

import re
import shlex
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.system.sapo_site.backup_machine import make_key

from . import nspawn
from .site import Site, commands_of_the_book, published_in

LOST_SECONDS = 10  # of acknowledged work, at the most
# What an operator does on an ordinary day, each followed by a fire after so many seconds.
EVENTS = ("PostgreSQL is started anew", "a ceremony", "an update")
AFTER_SECONDS = (5, 30, 120)
BETWEEN_TIPS = 20  # seconds: nginx takes thirty in ten minutes
RESTORED_SECONDS = 300
KEPT = "/srv/backups/sapo"
# Another machine that keeps backups: here a user of this one, reached by ssh as from elsewhere.
KEEPER = f"""
apt-get install --quiet=2 --yes --no-install-recommends openssh-server > /dev/null 2>&1
install -D -m 0755 sapo_site/operating/backup/keeping.py /usr/local/lib/keeping.py
useradd --system --create-home --shell /bin/sh sapo-backups
install -d -o sapo-backups -m 0700 /srv/backups {KEPT} /home/sapo-backups/.ssh
systemctl start ssh
"""
# After the site has made its key: all that it may do is add a name that is not there.
LET_IN = f"""
echo 'restrict,command="/usr/bin/python3 /usr/local/lib/keeping.py {KEPT}"' $(cat /etc/sapo/backup.ssh.pub) \\
    > /home/sapo-backups/.ssh/authorized_keys
chown sapo-backups /home/sapo-backups/.ssh/authorized_keys
"""
# What a fire has left, laid out: the pages that are public, the number of tips, and the files of trust.
LAID = """
import sys
from pathlib import Path
import psycopg
from sapo_site.operating.backup.choosing import choose
from sapo_site.operating.backup.restoring import laid_out
key, beside = sys.stdin.buffer.read(), Path("/var/tmp")
with laid_out(choose(Path(sys.argv[1]), key, None), key, None, data=beside, files=beside) as laid:
    for database, sql in (("sapo", "SELECT slug FROM wagtailcore_page WHERE live"), ("sapo_tips", "SELECT count(*) FROM tips_tip")):
        asked = psycopg.connect(host=str(laid.own.folder), user="postgres", dbname=database)
        print(*(value for (value,) in asked.execute(sql)))
        asked.close()
    print(*sorted(path.name for path in (laid.root / "etc/sapo/trust").iterdir()))
"""
# Every row of these, and every file and sealed tip: what has a digest there must have it on the restored machine.
ROWS = [
    ("sapo", "wagtailcore_page", "id"), ("sapo", "content_articlepage", "page_ptr_id"),
    ("sapo", "newsroom_confirmation", "id"), ("sapo", "library_sitedocument", "id"), ("sapo", "auth_user", "id"),
    ("sapo_tips", "tips_tip", "id"), ("sapo_tips", "tips_event", "seq"),
]  # fmt: skip


@dataclass
class Fire:
    """What the keeper had so long after an event: nothing else is left."""

    event: str
    after: int
    at: float
    kept: str
    pages: set[str] = field(default_factory=set)
    tips: int = 0
    trust: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)  # what the rehearsal says that readers met


@dataclass
class Burnt:
    """What is left of a machine: what it has sent, and a key that it never had."""

    kept: Path
    identity: str
    at: float
    before: dict[str, str]
    published: dict[str, float]  # address and when it was said to be public
    tips: list[float]  # when each was acknowledged
    fires: list[Fire]


def digests(machine: nspawn.Machine) -> dict[str, str]:
    """Each file, sealed tip and row by its SHA-256.

    How many children a page has changes with the next one; a tip's version and the hash of its arrival come when the
    event log has it.
    """
    rows = "".join(
        f"runuser -u postgres -- psql -At -F '  ' -d {database} -c \"SELECT encode(sha256(convert_to("
        f"(to_jsonb(t) - ARRAY['numchild', 'version', 'arrival_hash'])::text, 'UTF8')), 'hex'), '{table}/' || {key} FROM {table} t\"\n"
        for database, table, key in ROWS
    )  # fmt: skip
    said = machine.do(
        f"cd /var/lib/sapo\nfind files/closed tips/sealed -type f -exec sha256sum {{}} +\n{rows}"
    )
    return {name: digest for digest, name in (line.split("  ", 1) for line in said.splitlines())}


@contextmanager
def _people_at_work(site: Site, tips: list[float]) -> Iterator[Path]:
    """Two publish and somebody leaves tips, until the machine is gone. What is published stands in the file."""
    over = threading.Event()

    def publish() -> None:
        for number in count():  # one that PostgreSQL has left begins again
            command = site.publishing(f"fore-branden-{number}", 10_000, ("anna", "bo"))
            site.machine.attempt(f"{command} >> /root/published", seconds=600)
            if over.wait(1):
                return

    def leave_tips() -> None:
        while not over.is_set():
            with suppress(Exception):  # who is not told that it has arrived tries again
                tips.append(site.leave_tip("Svarta bilar vid Skatteskrapan"))
                over.wait(BETWEEN_TIPS)
            over.wait(1)

    people = [threading.Thread(target=work, daemon=True) for work in (publish, leave_tips)]
    for person in people:
        person.start()
    yield site.machine.folder / "root/published"
    over.set()
    site.machine.burn()
    for person in people:
        person.join()


def _happen(site: Site, event: str) -> None:
    if event == EVENTS[0]:
        site.machine.do("systemctl restart postgresql")
    elif event == EVENTS[1]:
        site.machine.do(
            "install -m 0644 /etc/sapo/trust/keyring.json /etc/sapo/trust/of-the-ceremony.json"
        )
    else:
        site.bring(nspawn.packed_code())
        for command in commands_of_the_book("Update", "deploy/update"):
            done = site.machine.attempt(command, seconds=600)
            if done.returncode:  # such as what was on its way to be published just then
                print(f"{command}: {done.stdout}")


def _fires_after(site: Site, event: str) -> Iterator[Fire]:
    """One event, and after it three fires: copies of what the keeper had then."""
    _happen(site, event)
    begun = time.time()
    for after in AFTER_SECONDS:
        time.sleep(max(0, begun + after - time.time()))
        kept = f"/srv/fires/{EVENTS.index(event)}-{after}"
        at = time.time()
        site.machine.do(f"mkdir -p {kept}\nln {KEPT}/*.age {kept}")
        yield Fire(event, after, at, kept)


def _look_at(site: Site, fire: Fire, identity: str) -> None:
    command = f".venv/bin/python -c {shlex.quote(LAID)} {fire.kept}"
    said = site.machine.do(command, said=identity, seconds=RESTORED_SECONDS).splitlines()
    fire.pages, fire.tips, fire.trust = set(said[0].split()), int(said[1]), set(said[2].split())
    rehearsed = site.machine.attempt(
        f"deploy/manage restore {fire.kept} --rehearse", said=identity, seconds=RESTORED_SECONDS
    )
    assert rehearsed.returncode == 0, rehearsed.stdout
    fire.named = set(re.findall(r"^(/\S+), för läsare sedan", rehearsed.stdout, re.MULTILINE))


def burn(site: Site) -> Burnt:
    """Backs the machine up as the book says, lets people work, and ends it."""
    machine = site.machine
    identity, recipient = make_key()
    _other, spare = make_key()
    machine.do(KEEPER, seconds=300)
    for command in commands_of_the_book("Back up", "backup.target"):
        given = command.replace("backups.example.se", "localhost")
        machine.do(given.replace("echo age1…", f"printf '{recipient}\\n{spare}\\n'"))
        if "ssh-keygen" in command:
            machine.do(LET_IN)
    took = machine.wait_until("deploy/manage backup --status", seconds=120)
    print(f"the first whole backup is there after {took:.0f} s")
    tips: list[float] = []
    with _people_at_work(site, tips) as said:
        until = time.monotonic() + 120
        while not (tips and said.exists() and len(published_in(said.read_text())) > 4):
            assert time.monotonic() < until, f"in two minutes {tips}, {said.read_text()}"
            time.sleep(0.1)
        fires = [fire for event in EVENTS for fire in _fires_after(site, event)]
        before = digests(machine)
        time.sleep(LOST_SECONDS + 2)
        # Not among what is compared: what was still being worked on, such as a page on its way to be published.
        still = digests(machine)
        before = {name: digest for name, digest in before.items() if still.get(name) == digest}
        for fire in fires:
            _look_at(site, fire, identity)
        at = time.time()
    kept = machine.folder / KEPT.lstrip("/")
    return Burnt(kept, identity, at, before, published_in(said.read_text()), tips, fires)


@contextmanager
def restore(burnt: Burnt, bare: nspawn.Bare) -> Iterator[Site]:
    with nspawn.started(bare) as machine:
        machine.do("deploy/install -- packages users folders code databases", seconds=600)
        subprocess.run(["cp", "-a", str(burnt.kept), str(machine.folder / "mnt/sapo")], check=True)
        begun = time.monotonic()
        said = machine.do(
            "deploy/manage restore /mnt/sapo", said=burnt.identity, seconds=RESTORED_SECONDS
        )
        machine.do("systemctl restart postgresql\ndeploy/install", seconds=300)
        took = time.monotonic() - begun
        print(f"restored in {took:.0f} s: {said.splitlines()[-1]}")
        assert took < RESTORED_SECONDS
        yield Site(machine, machine.folder / "etc/ssl/agency/fullchain.pem", said)
