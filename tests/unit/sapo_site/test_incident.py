"""`./sapo incident`: what it lays aside, and whom it says to tell by when."""

import subprocess
from pathlib import Path

import pytest

from sapo_site.script import incident


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data as that of `./sapo run`, on a machine with a journal."""
    for name in (
        "records/packs/00000001.log",
        "records/lock",
        "records/sheets.key",
        "demo-keys/trust/keyring.json",
    ):
        path = tmp_path / "var" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n")
    monkeypatch.setenv("SAPO_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(incident, "_SETTINGS", tmp_path / "etc")
    monkeypatch.setattr(incident, "_JOURNAL", ["echo", "MESSAGE=x"])
    return tmp_path


def test_it_lays_records_keyring_and_journal_aside_and_says_whom_to_tell_by_when(machine, capsys):
    folder = machine / "handelse"
    with pytest.raises(SystemExit) as ended:
        incident.lay_aside([str(folder), "--noticed", "2026-12-01 14:30"])
    told = (folder / "vem-som-ska-veta.txt").read_text()
    said = capsys.readouterr()

    assert (ended.value.code, folder.stat().st_mode & 0o777) == (1, 0o700)
    assert said.err.splitlines() == [
        f"saknas: {machine / 'var' / name}: No such file or directory"
        for name in ("records_spool", "said", "release")
    ]
    assert "5 filer ligger i" in said.out
    for line in ("genast: säkerhetsskyddschefen", "senast 2026-12-02 14.30: CSIRT-enheten:"):
        assert line in told
    assert "senast 2026-12-04 14.30: Integritetsskyddsmyndigheten" in told
    checked = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    shown = subprocess.run(checked, cwd=folder, check=True, capture_output=True, text=True).stdout
    assert {line.split(":")[0] for line in shown.splitlines()} == {
        "records/packs/00000001.log", "records/lock", "keyring/keyring.json", "journal.export",
        "vem-som-ska-veta.txt",
    }  # fmt: skip


def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_made(machine, capsys, subtests):
    (machine / "finns").mkdir()
    new = str(machine / "ny")
    for words, told in (
        ([], "Skriv ./sapo incident MAPP"),
        ([new, "--noticed", "igår"], "”igår” är ingen tid."),
        ([new, "--noticed", "2999-01-01"], "2999-01-01 har inte varit än."),
        ([str(machine / "finns")], "går inte att göra: File exists"),
        ([str(machine / "borta" / "ny")], "går inte att göra: No such file or directory"),
    ):
        with subtests.test(words=words), pytest.raises(SystemExit) as ended:
            incident.lay_aside(words)
        said = capsys.readouterr().err
        assert ended.value.code == 1
        assert told in said
        assert said.count("\n") == 1
    assert not Path(new).exists()
