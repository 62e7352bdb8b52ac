"""The services side by side, each as a user of its own, on folders made as an installation makes them.

Each runs as its unit in deploy/ tells systemd: role, group, mask. Users and groups are numbers
that exist on no machine. They may read all files, since Python itself may lie where only root
reads; so what they may read is asked of the folders' modes, and what they may write by writing.
"""

import os
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest

from tests.lacking import need
from tests.postgres import ROOT, Cluster, run
from tests.rings import TrustFolder, entries_for, intake_key_in, trust_in
from tips.sealing import age

USERS = {"root": 0, "sapo-public": 61001, "sapo-editorial": 61002, "sapo-intake": 61003,
         "sapo-desk": 61004, "sapo-records": 61005, "sapo-mirror": 61006}  # fmt: skip
GROUPS = {"root": 0, "sapo": 61100, "sapo-tips": 61101, "sapo-records": 61102}
_SETUP = "import django; django.setup()\n"


class Machine:
    """The folders of an installation, and the services on it."""

    def __init__(
        self, var: Path, server: Cluster, identity: age.Identity, trust: TrustFolder
    ) -> None:
        self.var = var
        self.server = server
        self.identity = identity
        self.trust = trust

    def run(self, service: str, program: str) -> str:
        return run([*self._as(service), "-c", _SETUP + program], self._environment(service))

    def manage(self, service: str, *words: str) -> str:
        return run([*self._as(service), "manage.py", *words], self._environment(service))

    def _as(self, service: str) -> list[str]:
        unit = _unit(service)
        groups = [unit["Group"], *unit.get("SupplementaryGroups", "").split()]
        numbers = ",".join(str(GROUPS[name]) for name in groups)
        return [
            "sh", "-c", 'umask "$0" && exec "$@"', unit["UMask"],
            "setpriv", f"--reuid={USERS[unit['User']]}", f"--regid={GROUPS[unit['Group']]}",
            f"--groups={numbers}", "--bounding-set=-all,+dac_read_search",
            "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search",
            sys.executable,
        ]  # fmt: skip

    def _environment(self, service: str) -> dict[str, str]:
        unit = _unit(service)
        role = unit["Environment"].removeprefix("SAPO_ROLES=")
        ring = str(self.var / "trust")
        return self.server.environment(
            role, unit["User"], self.var, SAPO_TIPS_TRUST=ring, PYTHONDONTWRITEBYTECODE="1",
            SAPO_TIPS_ALARM="true", SAPO_INTAKE_KEY=str(self.var / "intake.key"),
        )  # fmt: skip

    def may_read(self, service: str, path: Path) -> bool:
        """Whether the modes of the file and of all folders above it let the service's user in."""
        unit = _unit(service)
        groups = {unit["Group"], *unit.get("SupplementaryGroups", "").split()}
        numbers = {GROUPS[name] for name in groups}
        for each in [path, *path.parents]:
            if not each.is_relative_to(self.var):
                return True
            status = each.stat()
            if status.st_uid == USERS[unit["User"]]:
                shift = 6
            else:
                shift = 3 if status.st_gid in numbers else 0
            needed = stat.S_IXOTH if each != path and each.is_dir() else stat.S_IROTH
            if not status.st_mode >> shift & needed:
                return False
        return True


def _unit(service: str) -> dict[str, str]:
    """What the unit says, of what it says several times the first."""
    text = (ROOT / "deploy" / f"sapo@{service}.service").read_text()
    return dict(reversed(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)))


@pytest.fixture
def machine(server: Cluster, tmp_path: Path) -> Machine:
    need("setpriv", root=True)
    var = tmp_path / "sapo"
    table = (ROOT / "deploy" / "folders").read_text()
    for owner, group, mode, folder in map(str.split, re.findall(r"^[^#\n].*", table, re.M)):
        made = var / Path(folder).relative_to("/var/lib/sapo")
        made.mkdir(parents=True)
        os.chown(made, USERS[owner], GROUPS[group])
        made.chmod(int(mode, 8))
    for folder in tmp_path.parents:  # pytest's own, one more where tests run in several processes
        if folder.stat().st_mode & 0o1000:
            break
        folder.chmod(0o755)
    tmp_path.chmod(0o755)
    shutil.copy(ROOT / "static" / "css" / "site.css", var / "static")
    # As collectstatic run by root leaves it, in a folder that hands on its group.
    os.chown(var / "static" / "site.css", 0, GROUPS["sapo"])
    with server.connect("postgres", "sapo_tips") as connection:
        connection.execute("TRUNCATE tips_tip, tips_arrival, tips_note, tips_event, tips_tombstone")
    identity = age.generate_identity()
    key = var / "intake.key"
    trust = trust_in(var / "trust", entries_for([identity.recipient]), intake=[intake_key_in(key)])
    os.chown(key, USERS["sapo-intake"], GROUPS["sapo"])
    key.chmod(0o400)
    _belongs_to_root(trust.path)
    return Machine(var, server, identity, trust)


def _belongs_to_root(folder: Path) -> None:
    """As the documents say: root's, and readable by sapo-tips."""
    for path in [folder, *folder.iterdir()]:
        os.chown(path, 0, GROUPS["sapo-tips"])
        path.chmod(0o750 if path.is_dir() else 0o640)


def _leave(machine: Machine, fields: str = "") -> str:
    return machine.run(
        "intake",
        "from tips.keeping.intake import leave\n"
        "files = [('foto.jpg', 'image/jpeg', b'x' * 10_000)]\n"
        f"print(leave({{{fields}'text': 'En okänd drönare', 'subject': 'spionage'}}, files))",
    ).strip()


def test_a_tip_is_left_with_no_more_than_the_right_to_add_one(machine):
    tip_id = _leave(machine)
    machine.manage("desk", "tips_janitor")
    bundle = machine.var / "tips" / "sealed" / tip_id
    assert sorted(path.suffix for path in bundle.iterdir()) == ["", "", "", ".age", ".age"]
    sealed = (bundle / "body.age").read_bytes()
    assert "En okänd drönare" in age.unseal(sealed, [machine.identity]).decode()
    assert tip_id not in machine.server.log.partition("sapo-desk")[0]


def test_the_intake_marks_an_urgent_tip_and_the_desk_takes_the_mark_away(machine):
    assert "Inget att larma om." in machine.manage("desk", "tips_alarm")
    tip_id = _leave(machine, "'urgent': '1', ")
    mark = machine.var / "tips" / "sealed" / tip_id / "urgent"
    assert mark.exists()
    assert "Jouren är larmad." in machine.manage("desk", "tips_alarm")
    machine.run("desk", f"from tips.handling import steps\nsteps.open_tip('{tip_id}', 'anna')")

    machine.manage("desk", "tips_janitor")

    assert not mark.exists()


@pytest.mark.parametrize("service", ["intake", "desk"])
def test_the_self_test_holds_for_each_service_with_the_rights_it_has(machine, service):
    said = machine.manage(service, "tips_selftest")
    assert said.splitlines()[-1] == "Alla 7 punkter håller."
    with machine.server.connect("postgres", "sapo_tips") as connection:
        assert connection.execute("SELECT count(*) FROM tips_tip").fetchone() == (0,)


def test_a_self_test_of_an_intake_that_may_not_add_a_tip_fails(machine):
    with machine.server.connect("postgres", "sapo_tips") as connection:
        connection.execute('REVOKE INSERT ON tips_tip FROM "sapo-intake"')
    try:
        with pytest.raises(AssertionError, match="FEL  Databasen går inte att använda"):
            machine.manage("intake", "tips_selftest")
    finally:
        with machine.server.connect("postgres", "sapo_tips") as connection:
            connection.execute('GRANT INSERT ON tips_tip TO "sapo-intake"')


def test_sealed_files_are_for_intake_and_desk_alone(machine):
    bundle = machine.var / "tips" / "sealed" / _leave(machine)
    for path in [bundle, *bundle.iterdir(), machine.var / "trust" / "keyring.json"]:
        for service in ("intake", "desk"):
            assert machine.may_read(service, path)
        for service in ("public", "editorial"):
            assert not machine.may_read(service, path)


def test_the_desk_handles_what_the_intake_has_written(machine):
    tip_id = _leave(machine)
    new = age.generate_identity()
    machine.trust.add("Bo Alm", new.recipient)
    _belongs_to_root(machine.trust.path)
    machine.run(
        "desk",
        "import io, json\n"
        "from uuid import UUID\n"
        "from django.conf import settings\n"
        "from tests.acts import act_of_headers\n"
        "from tests.rewrapping import rewrap_header\n"
        "from tips.sealing import age\n"
        "from tips.keeping.present_keyring import keyring_now\n"
        "from tips.handling import events, handlers, proofs, rewrap, steps\n"
        "from tips.keeping.vault import Vault\n"
        "vault, ring = Vault(settings.TIPS_DIR), keyring_now()\n"
        f"tip_id, key = UUID('{tip_id}'), age.parse_identity('{machine.identity}')\n"
        "steps.take_in_new()\n"
        "def anew(each):\n"
        "    apart = [[one] for one in ring.recipients]\n"
        "    lots = apart if each.name == 'head.age' else [ring.recipients]\n"
        "    return b''.join(rewrap_header(each.header, [key], lot) for lot in lots)\n"
        "lot = [rewrap.Wrapped(each.tip, each.name, anew(each))"
        " for each in rewrap.waiting(ring, vault) if each.tip == tip_id]\n"
        "assert lot\n"
        "signed = act_of_headers('tipsmottagare', lot)\n"
        "rewrap.replace(ring, signed, vault, lot, handlers.handler_now('tipsmottagare'))\n"
        "assert events.verify() is None, events.verify()\n"
        "assert proofs.unproved() == []\n",
    )
    bundle = machine.var / "tips" / "sealed" / tip_id
    assert "drönare" in age.unseal((bundle / "body.age").read_bytes(), [new]).decode()
    assert machine.may_read("intake", bundle / "body.age")
    machine.run(
        "desk",
        "from uuid import UUID\n"
        "from django.conf import settings\n"
        "from tips.models import Tip\n"
        "from tips.keeping.vault import Vault\n"
        f"Vault(settings.TIPS_DIR).remove(UUID('{tip_id}'))\n"
        f"Tip.objects.filter(pk='{tip_id}').delete()\n",
    )
    assert not bundle.exists()
    assert list((machine.var / "tips" / "incoming").iterdir()) == []


def test_the_janitor_cleans_up_after_an_intake_that_died(machine):
    machine.run(
        "intake",
        "import os\n"
        "from uuid import UUID\n"
        "from datetime import date\n"
        "from django.conf import settings\n"
        "from tips.keeping.vault import Vault\n"
        "arriving = Vault(settings.TIPS_DIR).begin()\n"
        "arriving.create('body.age').write(b'half')\n"
        "os.utime(arriving.path, (0, 0))\n"
        "os._exit(0)\n",
    )
    assert list((machine.var / "tips" / "incoming").iterdir())
    machine.manage("desk", "tips_janitor", "--grace", "0")
    assert list((machine.var / "tips" / "incoming").iterdir()) == []


@pytest.mark.parametrize("service", ["public", "editorial", "intake", "desk"])
def test_no_service_can_write_the_script_that_handlers_open_their_keys_in(machine, service):
    static = machine.var / "static"
    attempts = (
        "import os\n"
        f"for attempt in (lambda: open('{static}/site.css', 'a'),\n"
        f"                lambda: open('{static}/new.js', 'w'),\n"
        f"                lambda: os.remove('{static}/site.css'),\n"
        f"                lambda: os.chmod('{static}', 0o777),\n"
        f"                lambda: os.rename('{static}', '{static}-gone')):\n"
        "    try:\n"
        "        attempt()\n"
        "        print('done')\n"
        "    except PermissionError:\n"
        "        pass\n"
    )
    assert machine.run(service, attempts) == ""
    assert machine.may_read(service, static / "site.css")


def test_neither_a_unit_nor_a_job_may_write_static_files():
    for path in (ROOT / "deploy").glob("*.service"):
        for writable in re.findall(
            r"^(?:ReadWritePaths|BindPaths)=(.*)$", path.read_text(), re.MULTILINE
        ):
            for folder in writable.split():
                assert not Path("/var/lib/sapo/static").is_relative_to(folder), path.name
    texts = [path.read_text() for path in (ROOT / "deploy").iterdir() if path.is_file()]
    texts.append((ROOT / "docs/operations.md").read_text())
    commands = re.findall(r"deploy/manage.*collectstatic", "\n".join(texts))
    assert set(commands) == {"deploy/manage --as root collectstatic"}


def test_visitors_service_reads_what_is_public_and_no_other_upload(machine):
    made = machine.run(
        "editorial",
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import default_storage, storages\n"
        "for name in ('documents/a/hemlig.pdf', 'documents/b/arsbok.pdf'):\n"
        "    default_storage.save(name, ContentFile(b'text'))\n"
        "storages['public'].take('documents/b/arsbok.pdf')\n"
        "print(default_storage.path('documents/b/arsbok.pdf'))\n"
        "print(storages['public'].path('documents/b/arsbok.pdf'))",
    ).split()
    assert os.path.samefile(*made)
    closed, public = map(Path, made)
    assert machine.may_read("public", public)
    assert not machine.may_read("public", closed)
    assert machine.may_read("editorial", closed)


def test_a_message_on_accessibility_goes_one_way_and_no_other_service_sees_it(machine):
    written = {"about": "fault", "place": "", "text": "Menyn går inte att öppna.", "contact": ""}
    put = f"from sapo_site.accessibility.spool import put\nprint(put({written}, 'sv'))"
    key = machine.run("public", put).strip()
    folder = machine.var / "messages"
    path = folder / f"{key}.json"
    assert "Menyn" in path.read_text()
    assert machine.may_read("editorial", path)
    # Whoever may not list the folder would have to guess 256 bits.
    mode = folder.stat().st_mode
    assert (mode & stat.S_IRWXG, mode & stat.S_IRWXO) == (stat.S_IWGRP | stat.S_IXGRP, 0)

    said = machine.manage("editorial", "take_in_messages")

    assert "Intagna meddelanden: 1" in said
    assert list(folder.iterdir()) == []
    ask = "from sapo_site.models import AccessibilityMessage as M\nprint(M.objects.count())"
    assert machine.run("editorial", ask).strip() == "1"
    with pytest.raises(AssertionError, match="permission denied for table"):
        machine.run("public", ask)


def test_what_readers_have_met_goes_one_way_and_only_the_job_writes_the_records(machine):
    hand_over = (
        "import time\nfrom pages.records.handing import handing\n"
        "handing.version('v1', '', begins=time.time())\n"
        "met = {'address': '/', 'version': 'v1', 'status': 200, 'headers': (), 'until': None}\n"
        "handing.rendering(met, b'Start', tag='')"
    )
    machine.run("public", hand_over)
    spool, records = machine.var / "records_spool", machine.var / "records"
    [handed] = spool.glob("*.items")
    mode = spool.stat().st_mode
    assert (mode & stat.S_IRWXG, mode & stat.S_IRWXO) == (stat.S_IWGRP | stat.S_IXGRP, 0)
    assert handed.stat().st_mode & 0o777 == 0o640

    status = records.stat()
    assert (status.st_uid, status.st_gid) == (USERS["sapo-records"], GROUPS["sapo-records"])
    assert status.st_mode & 0o777 == 0o750
    assert machine.may_read("editorial", records)
    for service in ("public", "intake", "desk"):
        assert not machine.may_read(service, records)


@pytest.mark.parametrize("service", ["public", "editorial"])
def test_the_website_can_neither_put_nor_take_a_tip(machine, service):
    tip_id = _leave(machine)
    attempts = (
        "import os\n"
        f"tips = '{machine.var}/tips'\n"
        f"for attempt in (lambda: os.mkdir(tips + '/sealed/x'),\n"
        f"                lambda: os.rename(tips, tips + '-gone'),\n"
        f"                lambda: os.rename(tips + '/sealed/{tip_id}', tips + '/incoming/x'),\n"
        f"                lambda: os.remove(tips + '/sealed/{tip_id}/body.age')):\n"
        "    try:\n"
        "        attempt()\n"
        "        print('done')\n"
        "    except PermissionError:\n"
        "        pass\n"
    )
    assert machine.run(service, attempts) == ""
