"""Sealed tips as one file, for a machine without a network. Nothing is opened on the way."""

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import IO

from django.conf import settings

from tips.keeping.sealed_files import ARRIVAL, HEAD
from tips.keeping.vault import Vault
from tips.models import Note, Tip
from tips.router import DATABASE
from tips.sealing import trust_folder
from tips.sealing.keyring import KeyringError
from tips.sealing.packing import BundlePacker, Readable


def write_bundle(tips: Iterable[Tip], vault: Vault, out: IO[bytes]) -> None:
    """Writes a bundle of the tips, with their files and the handlers' notes."""
    with BundlePacker(out) as packer:
        for tip in tips:
            packer.add_tip(tip.pk, tip.received_on, _files(tip, vault))
        with suppress(KeyringError):  # without them the tips can be opened, not checked
            folder = settings.TIPS_TRUST_DIR
            packer.add_trust(
                {**trust_folder.texts_from(folder, 1), **trust_folder.texts_since(folder, 0)}
            )


def _files(tip: Tip, vault: Vault) -> Iterator[tuple[str, Readable]]:
    for file in vault.files(tip.pk):
        if file.name == HEAD:
            # Each as a file of its own, which any tool opens.
            for name, octets in vault.heads_of(tip.pk).files():
                yield name, io.BytesIO(octets)
            continue
        with ExitStack() as opened:
            yield file.name, opened.enter_context(vault.open(tip.pk, file.name))
    if signed := vault.arrival(tip.pk):
        yield ARRIVAL, io.BytesIO(signed.file)
    for note in Note.objects.using(DATABASE).filter(tip_id=tip.pk).order_by("place"):
        yield f"notes/{note.pk}.age", io.BytesIO(bytes(note.sealed))
