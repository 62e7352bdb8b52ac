"""`./sapo verify` names every file that is not as it was signed, and `./sapo release` lists them all."""

import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from sapo_site.script import release_folder, releasing, verifying
from sapo_site.script.installed import CODE_PLACE, STATIC, Installation
from sapo_site.script.releasing import manifest_of
from sapo_site.script.served_as import DESK_PAGES, HASHED, TIP_FORM_PAGES, signed_headers
from sapo_site.script.signed_release import Manifest, digest
from sapo_site.script.watcher_file import watcher_file
from tests.lacking import need
from tests.signed import Signers

ROOT = Path(__file__).resolve().parents[3]
SIGNERS = Signers()


class Installed:
    """A small installation, and the release that it was made of."""

    def __init__(self, folder: Path) -> None:
        self.place = Installation(folder / "code", folder / "static")
        for name, text in {
            "manage.py": "import sys\n", "sapo": "#!/usr/bin/env python3\n", "tips/sealing/trust.py": "A = 1\n", "tips/sealing/root": f"{SIGNERS.root}\n",
            "deploy/nginx.conf": "server {}\n", "deploy/gunicorn.conf.py": "A = 3\n", ".venv/pyvenv.cfg": f"command = python3 -m venv {self.place.code}/.venv\n",
            ".venv/bin/gunicorn": f"#!{self.place.code}/.venv/bin/python\n", ".venv/lib/python3.13/site-packages/a b.py": "B = 2\n",
            ".venv/lib/python3.13/site-packages/a-1.dist-info/RECORD": "x", "var/db.sqlite3": "data", ".git/HEAD": "x",
            **{f"pages/part_{number}.py": f"NUMBER = {number}\n" * 9 for number in range(40)},
        }.items():  # fmt: skip
            self.write(self.place.code / name, text)
        (self.place.code / "sapo").chmod(0o755)
        (self.place.code / ".venv" / "lib64").symlink_to("lib")
        assert self.place.static
        for name in (
            "site.0123456789ab.css",
            "site.0123456789ab.css.gz",
            "desk/key.html",
            "desk/desk.html",
            "a.js",
        ):
            self.write(self.place.static / name, name)

    @staticmethod
    def write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)

    def release(self, number: int = 1, previous: str = "0" * 64) -> bytes:
        facts = {"number": str(number), "version": "1.0", "commit": "c" * 40, "made": "2026-12-01",
                 "previous": previous, "signers": SIGNERS.hash}  # fmt: skip
        return manifest_of(facts, self.place.files(), {"sbom.cdx.json": b"{}"})


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    need(root=True)
    return Installed(tmp_path)


def _said(installed: Installed, manifest: Manifest, former=frozenset()) -> list[str]:
    return list(verifying.differences(manifest, installed.place, set(former)))


def _brought(folder: Path, octets: bytes, how_many: int = 2) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release.txt").write_bytes(octets)
    (folder / "release.txt.sig").write_bytes(SIGNERS.sign("release", octets, how_many))
    (folder / "signers-1.json").write_bytes(SIGNERS.file)
    (folder / "sbom.cdx.json").write_text("{}")
    return folder


def test_an_installation_is_as_its_release_says(installed):
    manifest = Manifest(installed.release())

    assert _said(installed, manifest) == []
    assert {"manage.py", f"{STATIC}/a.js", ".venv/lib64"} <= manifest.files.keys()
    assert not [
        name for name in manifest.files if name.startswith(("var/", ".git/")) or "RECORD" in name
    ]


def test_the_same_on_another_path_is_the_same_release(installed, tmp_path):
    elsewhere = Installed(tmp_path / "en" / "annan-plats")

    assert elsewhere.release() == installed.release()
    assert (
        f"{CODE_PLACE}/.venv/bin/python"
        not in (installed.place.code / ".venv/bin/gunicorn").read_text()
    )


def test_one_octet_in_fifty_files_is_fifty_lines_each_with_its_file(installed):
    manifest = Manifest(installed.release())
    random = Random(3)
    paths = {
        name: path
        for name, path in installed.place.paths()
        if name in manifest.files and not path.is_symlink()
    }
    changed = random.sample(sorted(paths), 49)
    for name in changed:
        octets = bytearray(paths[name].read_bytes())
        at = random.randrange(len(octets))
        octets[at] ^= 1
        paths[name].write_bytes(octets)
    link = installed.place.code / ".venv" / "lib64"
    link.unlink()
    link.symlink_to("lob")

    assert _said(installed, manifest) == [
        f"ändrad: {name}" for name in sorted([*changed, ".venv/lib64"])
    ]


def test_a_file_that_is_missing_extra_or_has_become_a_program_is_named(installed):
    manifest = Manifest(installed.release())
    code, static = installed.place
    (code / "manage.py").unlink()
    installed.write(code / "pages" / "ond.py", "import os\n")
    installed.write(code / ".venv/lib/python3.13/site-packages/ond.pth", "import os\n")
    installed.write(static / "sw.js", "ond()")
    installed.write(static / "var" / "ond.js", "ond()")
    installed.write(static / ".git" / "ond.js", "ond()")
    (code / "pages" / "part_1.py").chmod(0o755)
    os.mkfifo(code / "pages" / "rör")
    (code / "tips" / "mapp").symlink_to("/tmp")  # noqa: S108

    assert sorted(_said(installed, manifest)) == sorted([
        "saknas: manage.py", "främmande: pages/ond.py", "främmande: .venv/lib/python3.13/site-packages/ond.pth",
        f"främmande: {STATIC}/sw.js", f"främmande: {STATIC}/var/ond.js", f"främmande: {STATIC}/.git/ond.js", "andra rättigheter (755 i stället för 644): pages/part_1.py",
        "främmande: pages/rör", "främmande: tips/mapp",
    ])  # fmt: skip


def test_what_python_has_compiled_must_say_what_its_source_says(installed):
    manifest = Manifest(installed.release())
    for name in (
        "pages/part_1.py",
        "pages/part_2.py",
        "pages/part_3.py",
        "deploy/gunicorn.conf.py",
    ):
        py_compile.compile(str(installed.place.code / name))
    assert _said(installed, manifest) == []

    cache = installed.place.code / "pages" / "__pycache__"
    [second], [third] = cache.glob("part_2.*"), cache.glob("part_3.*")
    installed.write(installed.place.code / "ond.py", "NUMBER = 7\n")
    py_compile.compile(str(installed.place.code / "ond.py"), cfile=str(second))
    (installed.place.code / "ond.py").unlink()
    third.write_bytes(third.read_bytes()[:-5])
    shutil.copy(second, cache / second.name.replace("part_2", "ond"))

    assert sorted(_said(installed, manifest)) == sorted(
        f"främmande bytekod: pages/__pycache__/{name}"
        for name in (second.name, third.name, second.name.replace("part_2", "ond"))
    )


def test_what_a_service_can_write_is_named_also_the_folder_above(installed, monkeypatch):
    code, static = installed.place
    before = set(verifying.open_to_others(installed.place))
    (code / "manage.py").chmod(0o666)
    os.chown(code / "sapo", 1234, 0)
    (code / "pages").chmod(0o777)
    os.chown(static, 0, 1234)
    static.chmod(0o775)

    assert set(verifying.open_to_others(installed.place)) - before == {
        f"kan skrivas av andra än root: {name}"
        for name in ("manage.py", "sapo", "pages/", f"{STATIC}/")
    }


@pytest.fixture
def server(installed, tmp_path, monkeypatch):
    """`./sapo verify` on a machine where that is installed."""
    monkeypatch.setattr(verifying, "CODE_PLACE", installed.place.code)
    monkeypatch.setattr(verifying, "STATIC_HERE", installed.place.static)
    for module in (verifying, release_folder):
        monkeypatch.setattr(module, "RELEASES", tmp_path / "release")
    monkeypatch.setattr(release_folder, "PINS", (tmp_path / "none", tmp_path / "root"))
    monkeypatch.setattr(verifying, "SETTINGS", tmp_path / "etc")
    monkeypatch.setattr(verifying, "open_to_others", lambda place: [])
    return lambda *words: verifying.verify_installed([*words])


def test_without_a_signed_release_it_says_so(server, capsys):
    with pytest.raises(SystemExit) as ended:
        server("--root", SIGNERS.root)

    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("Ingen signerad release är utlagd")


def test_a_signed_release_is_laid_out_and_compared(server, installed, tmp_path, capsys):
    octets = installed.release()

    server("--root", SIGNERS.root, "--take-in", str(_brought(tmp_path / "brought", octets)))

    assert (
        capsys.readouterr().out
        == f"Alla {len(Manifest(octets).files)} filer är de i release 1, {digest(octets)}.\n"
    )
    current = tmp_path / "release" / "current"
    assert {path.name for path in current.iterdir()} == {
        "release.txt",
        "release.txt.sig",
        "signers-1.json",
        "sbom.cdx.json",
    }
    assert current.is_symlink()


def test_another_bill_of_materials_than_the_one_that_was_signed_is_not_laid_out(
    server, installed, tmp_path, capsys
):
    brought = _brought(tmp_path / "brought", installed.release())
    (brought / "sbom.cdx.json").write_text("[]")

    with pytest.raises(SystemExit):
        server("--root", SIGNERS.root, "--take-in", str(brought))

    assert capsys.readouterr().err == f"{brought}/sbom.cdx.json är inte den som releasen nämner.\n"


def test_each_difference_is_a_line_and_the_code_is_1(server, installed, tmp_path, capsys):
    _brought(tmp_path / "release" / "1", installed.release())
    (tmp_path / "release" / "current").symlink_to("1")
    (installed.place.code / "manage.py").write_text("ond()")

    with pytest.raises(SystemExit) as ended:
        server("--root", SIGNERS.root)

    assert ended.value.code == 1
    said = capsys.readouterr()
    assert said.out == "ändrad: manage.py\n"
    assert said.err == "1 avvikelser från release 1.\n"


def test_a_release_that_one_has_signed_or_that_is_older_is_not_laid_out(
    server, installed, tmp_path, capsys
):
    octets = installed.release(2)
    server("--root", SIGNERS.root, "--take-in", str(_brought(tmp_path / "two", octets)))
    for brought in (
        _brought(tmp_path / "one", installed.release(3), how_many=1),
        _brought(tmp_path / "older", installed.release(1)),
        _brought(tmp_path / "other", installed.release(2, "1" * 64)),
    ):
        with pytest.raises(SystemExit):
            server("--root", SIGNERS.root, "--take-in", str(brought))
        assert (tmp_path / "release" / "current" / "release.txt").read_bytes() == octets


def test_what_lies_beside_a_release_or_is_a_link_is_not_laid_out(
    server, installed, tmp_path, capsys
):
    brought = _brought(tmp_path / "one", installed.release(1))
    (tmp_path / "secret").write_text("hemligt")
    (brought / "signers-9.json.txt").symlink_to(tmp_path / "secret")
    server("--root", SIGNERS.root, "--take-in", str(brought))
    assert not (tmp_path / "release" / "current" / "signers-9.json.txt").exists()

    brought = _brought(tmp_path / "two", installed.release(2))
    (brought / "sbom.cdx.json").unlink()
    (brought / "sbom.cdx.json").symlink_to(tmp_path / "secret")
    with pytest.raises(SystemExit):
        server("--root", SIGNERS.root, "--take-in", str(brought))
    assert "är en länk" in capsys.readouterr().err


def test_what_is_laid_out_already_is_not_taken_away_for_a_moment(server, installed, tmp_path):
    brought = _brought(tmp_path / "one", installed.release(1))
    server("--root", SIGNERS.root, "--take-in", str(brought))
    laid = (tmp_path / "release" / "1").stat().st_ino
    server("--root", SIGNERS.root, "--take-in", str(brought))
    assert (tmp_path / "release" / "1").stat().st_ino == laid


def test_static_files_of_former_releases_may_stay_and_nothing_else_of_them(
    server, installed, tmp_path, capsys
):
    server(
        "--root", SIGNERS.root, "--take-in", str(_brought(tmp_path / "one", installed.release(1)))
    )
    code, static = installed.place
    (code / "pages" / "part_1.py").unlink()
    shutil.move(static / "site.0123456789ab.css", tmp_path / "former.css")
    octets = installed.release(2)
    shutil.move(tmp_path / "former.css", static / "site.0123456789ab.css")

    server("--root", SIGNERS.root, "--take-in", str(_brought(tmp_path / "two", octets)))

    installed.write(code / "pages" / "part_1.py", "NUMBER = 1\n" * 9)
    with pytest.raises(SystemExit):
        server("--root", SIGNERS.root)
    assert capsys.readouterr().out.endswith("främmande: pages/part_1.py\n")


def test_a_medium_is_compared_without_what_a_server_has_beside_it(
    server, installed, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(verifying, "ROOT", str(installed.place.code))
    _brought(tmp_path / "medium", installed.release())
    shutil.rmtree(installed.place.static)

    server("--medium", "--root", SIGNERS.root, "--release", str(tmp_path / "medium"))

    assert "Alla" in capsys.readouterr().out


def test_a_machine_for_visitors_may_lack_static_files_and_have_no_others(
    server, installed, tmp_path, capsys
):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "public.env").touch()
    brought = str(_brought(tmp_path / "brought", installed.release()))
    (installed.place.static / "desk" / "key.html").unlink()

    server("--root", SIGNERS.root, "--take-in", brought)
    assert "Alla" in capsys.readouterr().out

    (installed.place.static / "a.js").write_text("alert(1)")
    for named in (f"ändrad: {STATIC}/a.js\n", f"saknas: {STATIC}/desk/key.html\n"):
        with pytest.raises(SystemExit):
            server("--root", SIGNERS.root)
        assert named in capsys.readouterr().out
        (tmp_path / "etc" / "editorial.env").touch()  # the first machine may not


def test_the_root_that_came_with_the_code_is_said_so_that_it_is_compared(
    server, installed, tmp_path, capsys
):
    _brought(tmp_path / "release" / "1", installed.release())
    (tmp_path / "release" / "current").symlink_to("1")
    (tmp_path / "root").write_text(f"{SIGNERS.root}\n")

    server()

    assert capsys.readouterr().out.endswith(
        f"Roten som godtogs, att jämföra med papperet: {SIGNERS.root}\n"
    )


@pytest.fixture
def built(installed, tmp_path, monkeypatch):
    """`./sapo release` where the building has been done: on the first path, and on another."""
    other = Installed(tmp_path / "annan")
    places = {"a": installed.place, "en-annan-plats": other.place}
    monkeypatch.setattr(releasing, "build_at", lambda folder, commit: places[folder.name])
    monkeypatch.setattr(releasing, "_commit", lambda: ("c" * 40, "2026-12-01"))
    monkeypatch.setattr(releasing, "signers_file", lambda python: f"by {python}".encode())
    monkeypatch.setenv("SAPO_VAR", str(tmp_path))
    (tmp_path / "signers-1.json").write_bytes(SIGNERS.file)
    releasing_words = ["--signers", str(tmp_path / "signers-1.json"), "--out", str(tmp_path / "ut")]
    return other, tmp_path / "ut", lambda *words: releasing.release([*releasing_words, *words])


def test_a_release_is_what_two_builds_agree_on_with_what_is_built_of_beside_it(
    built, installed, capsys
):
    _other, out, release = built
    release()

    octets = (out / "release.txt").read_bytes()
    assert digest(octets) in capsys.readouterr().out
    manifest = Manifest(octets)
    assert (manifest.number, manifest.previous, manifest.signers) == (1, "0" * 64, SIGNERS.hash)
    assert manifest.files.keys() == installed.place.files().keys()
    beside = [
        f"{name.partition('.')[0]} {digest((out / name).read_bytes())} {name}"
        for name in ("sbom.cdx.json", "watch_site.pyz", "signera.pyz")
    ]
    assert [
        line
        for line in octets.decode().splitlines()
        if line.startswith(("sbom", "watch_site", "signera"))
    ] == beside
    assert '"bomFormat": "CycloneDX"' in (out / "sbom.cdx.json").read_text()

    (sheet := out / "senaste.txt").write_bytes(b"sapo-sheet/1\nmade 20261202T010000Z\nbefore -\n")
    release("--previous", str(out / "release.txt"), "--sheet", str(sheet))
    following = Manifest((out / "release.txt").read_bytes())
    assert (following.number, following.previous) == (2, manifest.hash)
    assert following.said["sheet"] == f"20261202T010000Z {digest(sheet.read_bytes())}"
    with pytest.raises(SystemExit):
        release("--sheet", str(out / "release.txt"))
    assert "är inget blad" in capsys.readouterr().err


def test_two_builds_that_differ_are_no_release_and_each_file_is_named(built, capsys):
    other, out, release = built
    (other.place.code / "manage.py").write_text("other()")
    (other.place.code / "sapo").unlink()

    with pytest.raises(SystemExit):
        release()

    assert capsys.readouterr().err == "manage.py\nsapo\nTvå byggen gav inte samma filer.\n"
    assert not out.exists()


def test_a_release_that_does_not_say_which_signers_it_believes_is_none(built, installed, capsys):
    other, out, release = built
    for place in (installed.place, other.place):
        (place.code / "tips" / "sealing" / "root").unlink()

    with pytest.raises(SystemExit):
        release()

    assert "tips/sealing/root är inte incheckad" in capsys.readouterr().err
    assert not out.exists()


def test_the_pages_of_the_desk_that_are_listed_are_those_that_nginx_sends():
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    [key] = [each for each, page in DESK_PAGES.items() if page == "desk/key.html"]

    for place, name in (("/tipsmottagning/", "desk"), (f"= {key}", "key")):
        assert (
            f"location {place} {{\n        set $sapo_desk_page {name};\n"
            "        include /etc/nginx/snippets/sapo-desk-page.conf;\n"
        ) in nginx


def test_every_class_of_addresses_has_its_policy_and_no_variable_of_nginx():
    said = list(signed_headers())

    assert {address for address, name, _ in said if name == "Content-Security-Policy"} == {
        "/static/*", HASHED, "/*", *DESK_PAGES, *TIP_FORM_PAGES,
    }  # fmt: skip
    assert [line for line in said if "$" in line[2] or not line[2]] == []


def test_the_watcher_is_one_file_the_same_each_time_and_needs_nothing_else(tmp_path):
    assert watcher_file() == watcher_file()

    (tmp_path / "watch_site.pyz").write_bytes(watcher_file())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "watch_site.pyz", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "--root" in done.stdout
