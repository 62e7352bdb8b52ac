"""The one file for a machine without a network: a bundle is opened, and judged by what came along."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.rings import ring_for
from tests.signed_notes import sealable_note
from tips.sealing import age, heads
from tips.sealing.packing import BundlePacker
from tips.sealing.reference import reference_of

from .desk import (
    FILE,
    bundle_of,
    comes_to_rest,
    exchange,
    give_bundle,
    is_folded,
    leave,
    open_in_bundle,
    picture,
)
from .pictures_shown import pictures, shown_pictures


@pytest.fixture
def bundle(tip_channel: Any, tmp_path: Path, handler: Any) -> tuple[Path, UUID]:
    """Two tips as tips_export packs them; one has files and a note, the other another's seal."""
    tip = leave("Öppnas utan nät.", files=pictures(), where="Hamnen")
    other = leave("Någon annans.")
    note = sealable_note(tip, "Läs den här.", id=str(tip))
    sealed_note = age.seal(note, [tip_channel.identity.recipient])
    folder = tip_channel.root / "tips" / "sealed" / str(other)
    stranger = ring_for([age.generate_identity().recipient])
    sealed = heads.seal_heads(b"{}", stranger)
    (folder / "heads").write_bytes(heads.front_of(sealed.headers) + sealed.payload)
    (folder / "body.age").write_bytes(age.seal(b"{}", stranger.recipients))
    path = tmp_path / "paket.zip"
    with path.open("wb") as out, BundlePacker(out) as packer:
        for each in (tip, other):
            files = [
                (name, io.BytesIO(octets))
                for name, octets in tip_channel.vault.heads_of(each).files()
            ]
            if each == tip:  # of its heads one is ours, and not the first
                theirs = age.seal(b"{}", [age.generate_identity().recipient])
                files.insert(0, ("head.annan.age", io.BytesIO(theirs)))
            files += [
                (file.name, io.BytesIO(file.path.read_bytes()))
                for file in tip_channel.vault.files(each)[1:]
            ]
            if each == tip:
                files.append((f"notes/{tip}.age", io.BytesIO(sealed_note)))
            packer.add_tip(each, date(2026, 11, 25), files)
    return path, tip


def test_the_one_file_opens_a_bundle_without_a_network(offline, bundle, tip_channel, look):
    path, tip = bundle
    give_bundle(offline, tip_channel, path)

    expect(offline.get_by_role("heading", name="Tips i filen")).to_be_focused()
    expect(offline.get_by_text("Öppnas utan nät.")).to_be_visible()
    expect(offline.get_by_text("Förseglat till en annan nyckel än din.")).to_be_visible()
    offline.get_by_role("button", name=reference_of(tip)).click()
    expect(offline.get_by_role("heading", name=f"Tips {reference_of(tip)}")).to_be_focused()
    # Without a keyring in the bundle nothing can be tested.
    expect(offline.get_by_role("alert")).to_contain_text(
        "nyckelringen eller nyckelfilens rot saknas"
    )
    offline.get_by_role("button", name="Visa ändå").click()
    expect(offline.locator(".desk-fields")).to_contain_text("Hamnen")
    expect(offline.locator(".desk-notes")).to_contain_text("Nyckelringen går inte att lita på")
    shown_pictures(offline)
    look(offline, "a tip in the one file")
    with offline.expect_download() as saved:
        offline.get_by_role("button", name="Öppna och spara (bild.png)").click()
    assert Path(saved.value.path()).read_bytes() == picture()
    offline.set_viewport_size({"width": 320, "height": 800})
    assert offline.evaluate("document.documentElement.scrollWidth") <= 320
    offline.get_by_role("button", name="Till listan").click()
    offline.get_by_role("button", name="Lås och börja om").click()
    expect(offline.get_by_role("heading", name="Öppna tips utan nät")).to_be_focused()
    assert "Öppnas utan nät." not in offline.content()

    # What was being opened when it was locked is not shown.
    give_bundle(offline, tip_channel, path)
    offline.get_by_role("button", name=reference_of(tip)).wait_for()

    offline.evaluate(
        """(tip) => {
            const named = (name) => [...document.querySelectorAll("button")]
                .find((button) => button.textContent === name);
            const [open, lock] = [named(tip), named("Lås och börja om")];
            open.click();
            lock.click();
        }""",
        reference_of(tip),
    )
    comes_to_rest(offline)
    expect(offline.get_by_role("heading", name="Öppna tips utan nät")).to_be_visible()
    assert "Öppnas utan nät." not in offline.content()


def test_the_one_file_says_what_is_wrong_with_a_bundle_or_a_key(
    offline, bundle, tip_channel, tmp_path
):
    path, _tip = bundle
    damaged = tmp_path / "skadad.zip"
    damaged.write_bytes(path.read_bytes()[:-40])
    other = tmp_path / "annat.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("bilder/a.txt", "x")
    (tmp_path / "oppen.txt").write_text(str(tip_channel.identity.recipient))
    offline.get_by_label("Nyckelfil").set_input_files(tmp_path / "oppen.txt")
    error = offline.locator(".desk-field__error:visible")

    offline.get_by_role("button", name="Öppna nyckeln").click()
    expect(error).to_have_text("Välj filen med förseglade tips.")
    for name, words in (
        (damaged, "Det här är ingen fil med förseglade tips, eller så är den skadad."),
        (other, "Det här är ingen fil med förseglade tips, eller så är den skadad."),
        (path, "Det här är en mottagares öppna nyckel."),
    ):
        offline.get_by_label("Förseglade tips (zip)").set_input_files(name)
        offline.get_by_role("button", name="Öppna nyckeln").click()
        expect(error).to_contain_text(words)


# What the intake has signed


def test_the_one_file_says_of_each_tip_what_the_intake_has_signed(offline, tip_channel, handler):
    """Of one that is whole, one that was exchanged, and one that was laid there."""
    box, fields = offline.get_by_role("alert"), offline.locator(".desk-fields")
    whole, changed = leave("Det som kom in"), leave("Det som kom före", files=FILE)
    made_up = leave("Påhittat")
    (tip_channel.vault.folder(made_up) / "arrival").unlink()
    exchange(tip_channel, changed, "Det som servern vill")
    next(tip_channel.vault.folder(changed).glob("*-*.age")).write_bytes(b"x")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    give_bundle(offline, tip_channel, bundle_of(tip_channel))

    open_in_bundle(offline, whole)
    expect(offline.get_by_text("Inlagt på servern")).to_be_visible()
    expect(fields).to_contain_text("Det som kom in")
    expect(box).to_have_count(0)
    offline.get_by_role("button", name="Till listan").click()

    open_in_bundle(offline, changed)
    expect(box).to_contain_text("det har bytts ut på servern")
    expect(fields).to_have_count(0)
    offline.get_by_role("button", name="Visa ändå").click()
    expect(fields).to_contain_text("Det som servern vill")
    expect(box).to_contain_text("det har bytts ut på servern")
    offline.get_by_role("button", name="Till listan").click()

    open_in_bundle(offline, made_up)
    expect(box).to_contain_text("Inlämningen har inte skrivit under tipset")
    expect(fields).to_have_count(0)


def _open_changed(
    page: Page, channel: Any, tip: UUID, change: Callable[[str, bytes], bytes | None]
) -> None:
    """Opens the bundle as a service can make it: `change` says what becomes of each file, None takes it out."""
    path = bundle_of(channel, tip)
    changed = path.with_name("andrat.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as goal:
        for name in source.namelist():
            octets = change(name.removeprefix(f"{tip}/"), source.read(name))
            if octets is not None:
                goal.writestr(name, octets)
    give_bundle(page, channel, changed)
    open_in_bundle(page, tip)


def _early_and_without(left_out: tuple[str, ...], name: str, octets: bytes) -> bytes | None:
    if name.startswith(left_out):
        return None
    if name != "manifest.json":
        return octets
    manifest = json.loads(octets)
    (row,) = manifest["tips"]
    row["received_on"] = "2001-01-01"
    row["files"] = [file for file in row["files"] if file["name"] not in left_out]
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("without", "said_first"),
    [
        (("arrival",), "Inlämningen har inte skrivit under tipset"),
        (("arrival", "trust/"), "Det går inte att pröva om tipset är det som kom in"),
    ],
)
def test_the_one_file_folds_a_tip_whose_signature_or_keyring_was_left_out(
    offline, tip_channel, handler, without, said_first
):
    tip = leave("Det som kom in", files=FILE)
    _open_changed(offline, tip_channel, tip, partial(_early_and_without, without))
    expect(offline.get_by_role("alert")).to_contain_text(said_first)
    is_folded(offline, "Det som kom in")


def test_the_one_file_says_of_a_tip_that_it_or_its_signature_is_damaged(
    offline, tip_channel, handler
):
    tip = leave("Det som kom in", files=FILE)
    _open_changed(
        offline, tip_channel, tip,
        lambda name, octets: octets[:-1] if name == "arrival" else octets,
    )  # fmt: skip
    box = offline.get_by_role("alert")
    expect(box).to_contain_text("Innehållet är ett annat än det som kom in")
    is_folded(offline, "Det som kom in")
    expect(box).to_contain_text("Innehållet är ett annat än det som kom in")

    offline.get_by_role("button", name="Till listan").click()
    offline.get_by_role("button", name="Lås och börja om").click()
    _open_changed(
        offline, tip_channel, tip,
        lambda name, octets: octets[:-1] + bytes([octets[-1] ^ 1]) if name == "body.age" else octets,
    )  # fmt: skip
    expect(offline.get_by_text("Innehållet går inte att visa")).to_be_visible()
    expect(offline.get_by_text("Skadat, eller utbytt")).to_be_visible()
