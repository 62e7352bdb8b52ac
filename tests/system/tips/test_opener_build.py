"""What opens tips in a browser: what is in it, and how it is built."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nginx import lay_static_files
from tests.pace import cpu_seconds
from tips.form import laid_pages
from tips.handling.desk_words import desk_words
from tips.opener import build, desk_pages, page


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


# What is built


@pytest.mark.parametrize("name", build.PROGRAMS)
def test_the_program_makes_no_code_of_text(name):
    program = (build.BUILT / name).read_text()

    assert not re.search(
        r"\beval\s*\(|new Function|\bFunction\(|WebAssembly|importScripts", program
    )


@pytest.mark.parametrize("name", build.PROGRAMS)
def test_the_program_neither_reads_text_as_markup_nor_keeps_or_tells_anything(name):
    program = (build.BUILT / name).read_text()
    ways = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|parseFromString|createContextual"
        r"|srcdoc|localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|console\."
        r"|serviceWorker|sendBeacon|XMLHttpRequest|WebSocket|EventSource"
    )

    # The desk keeps which keyring and which numbers it has believed: serials, counters, hashes.
    kept = ["localStorage"] * 4 if name == "desk.js" else []
    # The form sends what has been sealed, and can be stopped.
    kept += ["XMLHttpRequest"] if name == "tip_form.js" else []
    assert re.findall(ways, program) == kept


def test_only_the_desk_speaks_to_a_server():
    assert "fetch(" in (build.BUILT / "desk.js").read_text()
    assert "api/ko/" not in (build.BUILT / "opener.js").read_text()


@pytest.mark.parametrize(
    "name", sorted(set(build.PROGRAMS) - {"quick_exit.js", "without_script.js"})
)
def test_the_licences_of_what_went_in_go_along(name):
    program = (build.BUILT / name).read_text()
    sealing = ("age-encryption 0.3.1", "@noble/hashes", "@noble/ciphers", "@scure/base")

    for package in sealing:
        assert f"/*! {package}" in program
    assert program.count("Permission is hereby granted, free of charge") >= 1


@pytest.mark.parametrize("page", desk_pages.PAGES)
def test_a_page_of_the_desk_names_what_it_loads_by_its_sum_and_the_root_that_it_believes(page):
    text = desk_pages.filled(
        page, lambda name: f"/static/{name}", lambda name: f"sum of {name}", "1:abc", desk_words()
    )

    script, style = page.program, "css/desk.css"
    assert (
        f'src="/static/{script}" integrity="sum of {script}" crossorigin="anonymous"></script>'
        in text
    )
    assert f'href="/static/{style}" integrity="sum of {style}" crossorigin="anonymous">' in text
    assert ('<meta name="sapo-root" content="1:abc">' in text) == (page is desk_pages.DESK_PAGE)
    assert not re.search(r"[{}]", text)
    # Nothing in it runs but that program, and nothing in it styles but the one sheet.
    assert re.findall(r"<script[^>]*>(.*?)</script>", text) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<form", text)


@pytest.mark.parametrize("part", ["logotype__mark", "theme-color", "{style-sum}"])
def test_what_both_pages_of_the_desk_have_above_is_written_once(part):
    pages = [*build.FOLDER.glob("*.html"), *build.FOLDER.glob("*/*.html")]
    written = [path for path in pages if part in path.read_text()]

    assert [path.name for path in written if path.name != "opener.html"] in (
        ["desk_head.html"], ["desk_name.html"],
    )  # fmt: skip


def test_what_is_fetched_is_named_with_its_sum_and_no_other_place():
    packages = json.loads((build.FOLDER / "package-lock.json").read_text())["packages"]
    wheels = (build.FOLDER / "requirements.txt").read_text()

    assert packages["node_modules/age-encryption"]["version"] == "0.3.1"
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package
        assert not package.get("hasInstallScript") or name == "node_modules/esbuild"
    assert "--hash=sha256:" in wheels
    assert "://" not in wheels


# How it is built


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources in a place of their own, with what they need and nothing built."""
    modules, folder = build.node_modules(), tmp_path / "tips" / "opener"
    without = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(build.FOLDER, folder, ignore=without)
    shutil.copytree(modules, folder / modules.name, symlinks=True, copy_function=_linked)
    (folder / modules.name / build.STAMP.name).unlink()
    (folder.parent / "__init__.py").touch()
    shutil.copy(build.FOLDER.parent / "questions.py", folder.parent)
    (folder.parent / "sealing").mkdir()
    shutil.copy(build.FOLDER.parent / "sealing" / "ordlista.txt", folder.parent / "sealing")
    (folder / "node_modules" / build.STAMP.name).write_text(json.dumps(_only_installed()))
    return tmp_path


def _linked(source: str, goal: str) -> str:
    """Links, for it is much. What npm or the build writes there takes the place of a link."""
    try:
        os.link(source, goal)
    except OSError:
        shutil.copy2(source, goal)
    return goal


def _only_installed() -> dict[str, str]:
    return {"installed": json.loads(build.STAMP.read_text())["installed"]}


def run(copy: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tips.opener.build", *words],
        cwd=copy, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_is_built_is_left_alone_and_costs_next_to_nothing(monkeypatch):
    def must_not_run(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(build.subprocess, "run", must_not_run)
    assert cpu_seconds(build.build) < 0.05


def test_a_changed_source_is_built_again(copy):
    assert run(copy, "--check").returncode == 1
    assert run(copy).returncode == 0
    assert run(copy, "--check").returncode == 0
    first = (copy / "tips" / "static" / "tips" / "desk.js").read_text()

    texts = copy / "tips" / "opener" / "words/texts.js"
    texts.write_text(texts.read_text().replace("Öppna nyckeln", "Öppna din nyckel"))

    assert run(copy, "--check").returncode == 1
    assert run(copy).returncode == 0
    built = (copy / "tips" / "static" / "tips" / "desk.js").read_text()
    assert "Öppna din nyckel" in built
    assert "Öppna din nyckel" not in first


def test_a_built_file_that_was_changed_is_made_anew(copy):
    run(copy)
    program = copy / "tips" / "static" / "tips" / "opener.js"
    octets = program.read_bytes()
    program.write_bytes(octets + b"alert(1)")

    assert run(copy, "--check").returncode == 1
    assert run(copy).returncode == 0
    assert program.read_bytes() == octets


def test_two_at_once_do_not_break_each_other(copy):
    command = [sys.executable, "-m", "tips.opener.build"]
    at_once = [subprocess.Popen(command, cwd=copy, stderr=subprocess.PIPE) for _ in range(3)]

    assert [(one.wait(), one.communicate()[1]) for one in at_once] == [(0, b"")] * 3
    folder = copy / "tips" / "static" / "tips"
    assert sorted(path.name for path in folder.iterdir()) == sorted(build.PROGRAMS)
    for name in build.PROGRAMS:
        assert (folder / name).read_bytes() == (build.BUILT / name).read_bytes()


def test_a_fault_in_a_source_leaves_what_was_built_in_place(copy):
    run(copy)
    folder = copy / "tips" / "static" / "tips"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (copy / "tips" / "opener" / "desk/api.js").write_text("export class {")

    answer = run(copy)

    assert answer.returncode == 1
    assert answer.stderr.startswith("Tipsmottagningens program kan inte byggas. esbuild kunde inte")
    assert answer.stderr.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_without_the_registry_it_says_so_in_one_line(copy, tmp_path):
    shutil.rmtree(copy / "tips" / "opener" / "node_modules")

    answer = run(
        copy, npm_config_registry="http://127.0.0.1:9/", npm_config_cache=str(tmp_path / "cache")
    )

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr == (
        "Tipsmottagningens program kan inte byggas. "
        "npm når inte sitt register, och det som behövs är inte hämtat.\n"
    )


def test_an_installation_that_was_cut_off_is_made_again(copy):
    (copy / "tips" / "opener" / "node_modules" / build.STAMP.name).unlink()
    shutil.rmtree(copy / "tips" / "opener" / "node_modules" / "@noble" / "hashes")

    answer = run(copy)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert (copy / "tips" / "static" / "tips" / "desk.js").read_bytes() == (
        build.BUILT / "desk.js"
    ).read_bytes()


def _node_that_says(folder: Path, version: str) -> str:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("version", ["v18.20.4", "v9.0.0", "nonsense"])
def test_a_node_that_is_too_old_is_passed_over(tmp_path, monkeypatch, version):
    right = build.node()
    monkeypatch.setenv("SAPO_NODE", _node_that_says(tmp_path, version))
    monkeypatch.setenv("PATH", os.path.dirname(right) + os.pathsep + os.environ["PATH"])

    assert build.node() == right


def test_a_chosen_node_is_used(tmp_path, monkeypatch):
    chosen = _node_that_says(tmp_path, "v22.1.0")
    (tmp_path / "npm").write_text("#!/bin/sh\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("SAPO_NODE", chosen)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert build.node() == chosen


# The one file


def test_the_one_file_holds_all_it_needs_and_lets_nothing_else_in():
    text = page.one_file()

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    for kind in ("script", "style"):
        content = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)[1]
        total = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{total}'" in policy
    assert f" '{page.frame_sum()}'; style-src" in policy
    assert "frame-src blob:" in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src" not in policy
    assert "img-src" not in policy
    assert "trusted-types 'none'" in policy
    frame = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\bsrc=|<link|https?:", frame)
    assert "@import" not in text
    assert "{script" not in frame
    assert "@layer components {\n.desk-frame {" in text


def test_the_frame_of_pictures_has_its_own_script_and_nothing_else():
    document = (build.FOLDER / "content/picture_frame.html").read_text()

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', document)[1]
    assert policy == f"default-src 'none'; script-src '{page.frame_sum()}'"


def test_the_one_file_is_not_made_of_what_is_not_built(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "BUILT", tmp_path)

    with pytest.raises(FileNotFoundError):
        page.one_file()


def test_what_is_collected_is_the_page_of_this_release_with_the_hashed_names(tmp_path):
    lay_static_files(tmp_path)
    static = tmp_path / "static"

    for laid, language, words in (
        (laid_pages.FORM, "sv", "Formuläret förbereds."), (laid_pages.FORM, "en", "The form is being prepared."),
        (laid_pages.START, "sv", "Innan du tipsar"), (laid_pages.WITHOUT_SCRIPT, "en", "The form without script"),
    ):  # fmt: skip
        page = (static / laid.file_in(language)).read_text()
        assert words in page
        (script,) = re.findall(r'src="/static/(tips/\w+\.[0-9a-f]{12}\.js)"', page)
        assert (static / script).read_bytes() == (build.BUILT.parent / laid.program).read_bytes()
        assert re.search(r'href="/static/css/tips\.[0-9a-f]{12}\.css"', page)
