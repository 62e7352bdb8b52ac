"""The demo's tip channel: keys, accounts and tips, so that a newcomer can try it at once."""

import json
import re
import shutil
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, get_commands, load_command_class
from django.utils.timezone import localdate

from sapo_site.demo import keys, tips, trust
from sapo_site.demo.demo_accounts import accounts_file, set_up_accounts
from sapo_site.management.commands import prepare, serve
from tests.integration.tips.commands import said, signera
from tips.handling import events, handlers, proofs, steps
from tips.keeping import intake
from tips.keeping.present_keyring import rings_now
from tips.keeping.vault import vault_now
from tips.models import Tip
from tips.sealing import age, handler_file, trust_folder
from tips.sealing.trust import SigningKey

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

STATES = {"received": 2, "read": 1, "assigned": 1, "forwarded": 1, "closed": 1}


@pytest.fixture
def demo(roles, settings, tmp_path, monkeypatch):
    """The settings of a demo with an empty data folder, where the accounts have been made."""
    # As strong as a real one, locking a key takes most of a second in each test.
    monkeypatch.setattr(age, "lock", partial(age.lock, work_factor=1))
    settings.DEMO = settings.TIPS_DEMO_KEYS_ALLOWED = True
    settings.VAR_DIR = tmp_path
    settings.TIPS_DIR = tmp_path / "tips"
    settings.TIPS_TRUST_DIR = tmp_path / "demo-keys" / "trust"
    settings.TIPS_ROOT = settings.TIPS_TRUST_DIR / "root"
    settings.TIPS_INTAKE_DIR = tmp_path / "intake"
    settings.TIPS_INTAKE_KEY = tmp_path / "demo-keys" / "intake.key"
    set_up_accounts()
    return tmp_path


def _start() -> age.Identity:
    """What every start does."""
    handler = keys.set_up_keys()
    if not tips.has_tips(handler.identity):
        tips.leave_tips(handler)
    return handler.identity


def _ring() -> Any:
    return trust_folder.load(
        keys.keys_folder() / "trust", trust.pin_in(keys.keys_folder() / "trust")
    ).ring


def _states() -> Counter[str]:
    return Counter(Tip.objects.values_list("state", flat=True))


class _CutOff(BaseException):
    """As when the power goes."""


def _cut_off_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, call: int) -> None:
    """Lets the function end the process in its call of that number, before it does anything."""
    real, calls = getattr(owner, name), iter(range(1, 1000))

    def cut(*words: Any, **others: Any) -> Any:
        if next(calls) == call:
            raise _CutOff
        return real(*words, **others)

    monkeypatch.setattr(owner, name, cut)


# The newcomer's way


def test_the_demo_key_opens_every_demo_tip(demo):
    identity, vault = _start(), vault_now()
    bodies = [
        json.loads(age.unseal(vault.open(tip, "body.age").read(), [identity]))
        for tip in vault.tips()
    ]
    texts = [body["fields"]["text"] for body in bodies]
    assert len(texts) == 6
    assert all("[Demo]" in text for text in texts)
    assert any(body["fields"].get("urgent") == "1" for body in bodies)
    assert any("I work for a small company" in text for text in texts)
    files = {file["name"] for body in bodies for file in body["attachments"]}
    assert "Meddelande i söndags.txt" in files
    assert any(name.endswith(".jpg") for name in files)


def test_the_locked_key_opens_with_the_passphrase_that_lies_beside_it(demo):
    identity = _start()
    folder = keys.keys_folder()
    read_me = (folder / "LÄS-MIG.txt").read_text()
    passphrase = re.search(r"^Lösenfras: (\S+)$", read_me, re.MULTILINE)[1]
    opened = age.unlock((folder / "tove-berg.age").read_text(), passphrase)
    assert [str(each) for each in age.parse_identity_file(opened.decode())] == [str(identity)]
    assert keys.identity_file().name in read_me


def test_the_keys_say_that_they_are_the_demos_and_nobody_else_reads_them(demo):
    _start()
    folder = keys.keys_folder()
    assert _ring().is_demo
    two = map(handlers.handler_now, ("tove-berg", "tage-lind"))
    assert handlers.why_not_two(*two, rings_now(), localdate()) is None
    for name in ("tove-berg.txt", "LÄS-MIG.txt"):
        assert "DEMO" in (folder / name).read_text()
    assert folder.stat().st_mode & 0o077 == 0
    for name in ("tove-berg.txt", "tove-berg.age", "LÄS-MIG.txt"):
        assert (folder / name).stat().st_mode & 0o077 == 0


def test_the_tips_have_come_differently_far(demo):
    _start()
    assert _states() == STATES
    forwarded = Tip.objects.get(state="forwarded")
    assert (forwarded.register_no, forwarded.assigned_to) == ("2026-1187", "tove-berg")
    assert Tip.objects.values("received_on").distinct().count() == 6
    assert events.verify() is None
    assert proofs.unproved() == []


def _accounts() -> list[dict[str, str]]:
    return json.loads(accounts_file().read_text())


# Once, whatever happens


def _files() -> dict[Any, bytes]:
    return {path: path.read_bytes() for path in keys.keys_folder().rglob("*") if path.is_file()}


def test_a_second_start_changes_nothing(demo):
    _start()
    before = _files()
    _start()
    assert _files() == before
    assert _states() == STATES


def test_a_tip_that_is_gone_does_not_come_back(demo):
    _start()
    Tip.objects.filter(state="closed").delete()
    _start()
    assert Tip.objects.count() == 5


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(intake, "leave", 4), (steps, "change_tip", 5), (trust_folder, "put_file", 6), (keys, "put_file", 2)],
)  # fmt: skip
def test_a_start_that_was_cut_off_begins_again(demo, monkeypatch, owner, name, call):
    with monkeypatch.context() as power:
        _cut_off_at(power, owner, name, call)
        with pytest.raises(_CutOff):
            tips.leave_tips(keys.set_up_keys())
    identity = _start()
    assert _states() >= Counter(STATES)
    assert events.verify() is None
    assert identity.recipient in _ring().recipients
    test_the_locked_key_opens_with_the_passphrase_that_lies_beside_it(demo)
    intake.check_open()


def test_a_keyring_that_somebody_has_followed_by_another_stays(demo):
    _start()
    folder, work = keys.keys_folder(), demo / "ceremoni"
    shutil.copytree(folder / "trust", work)
    given = ["--id", "bo", "--namn", "Bo", "--mapp", work, "--ut", demo / "bo.age"]
    signera("handlaggare", *given, typed="fem ord som ingen gissar\n" * 2)
    for number, words in ((1, ["nasta", "--lagg-till", "bo"]), (3, ["skriv-under"])):
        key = folder / f"undertecknare-{number}.txt"
        signera(*words, "--mapp", work, "--nyckel", key, "--jag-vet", typed="2\n")
    said("tips_keyring", "install", "--folder", work)

    _start()

    assert [entry.name for entry in _ring().entries] == ["Bo", "Tage Lind", "Tove Berg"]


def test_a_keyring_that_soon_is_out_of_date_is_made_anew_with_tips_that_it_opens(demo, monkeypatch):
    now = localdate()
    with monkeypatch.context() as then:
        then.setattr(keys, "localdate", lambda: now - timedelta(days=171))
        first = keys.set_up_keys().identity

    again = _start()

    assert again.recipient in _ring().recipients
    assert (str(again) != str(first), _ring().serial, _states()) == (True, 2, STATES)
    test_the_locked_key_opens_with_the_passphrase_that_lies_beside_it(demo)
    intake.check_open()


def test_each_handler_of_the_demo_has_a_key_file_that_signs_and_says_who_is_believed(demo):
    _start()
    for name, entry in zip(("tage-lind.txt", "tove-berg.txt"), _ring().entries, strict=True):
        file = handler_file.read_handler_file((keys.keys_folder() / name).read_text())
        assert file.handler == entry.id
        assert SigningKey(file.secret, "handler").public == entry.key
        assert file.root == trust.pin_in(keys.keys_folder() / "trust")


@pytest.mark.parametrize("left", [None, "AGE-SECRET-KEY-PQ-1TRASIG\n"])
def test_where_a_key_is_lost_or_damaged_all_begins_anew_with_tips_that_it_opens(demo, left):
    first = _start()
    keys.identity_file().unlink()
    if left:
        keys.identity_file().write_text(left)
    second = _start()
    assert str(first) != str(second)
    assert second.recipient in _ring().recipients
    assert first.recipient not in _ring().recipients
    assert Tip.objects.count() == 12
    test_the_locked_key_opens_with_the_passphrase_that_lies_beside_it(demo)


# Only in the demo


def test_neither_keys_nor_tips_are_made_where_there_is_no_demo(demo, settings):
    _start()
    handler = keys.set_up_keys()
    settings.DEMO = False
    with pytest.raises(CommandError, match="bara under demoinställningar"):
        keys.set_up_keys()
    with pytest.raises(CommandError, match="bara under demoinställningar"):
        tips.leave_tips(handler)


# With the rest of a start


def test_a_start_says_that_it_leaves_tips_only_when_it_does(demo, capsys):
    stdout = prepare.Command().stdout
    prepare.prepare_tips(stdout)
    assert "Lämnar några påhittade tips" in capsys.readouterr().out
    prepare.prepare_tips(stdout)
    assert capsys.readouterr().out == ""


def test_a_full_disk_keeps_the_tips_away_and_not_the_site(demo, settings, capsys):
    settings.TIPS_RESERVE_BYTES = 2**62
    prepare.prepare_tips(prepare.Command().stdout)
    assert "hoppas över: det finns för lite utrymme" in capsys.readouterr().out
    settings.TIPS_RESERVE_BYTES = 0
    _start()
    assert _states() == STATES


def test_what_runs_beside_the_server_ends_with_it(subtests):
    for words in serve.BESIDE:
        with subtests.test(words=words):
            app = get_commands()[words[0]]
            parser = load_command_class(app, words[0]).create_parser("manage.py", words[0])
            assert parser.parse_args([*words[1:], "--parent", "7"]).parent == 7
