"""Signers, and what they sign, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tips.sealing import trust

NOTHING_BEFORE = "0" * 64


class Signers:
    """Three of them, of whom two must sign; the same numbers are the same persons."""

    def __init__(
        self, persons: tuple[int, int, int] = (1, 2, 3), after: "Signers | None" = None
    ) -> None:
        keys = [trust.SigningKey(bytes([each] * 32), "signer") for each in persons]
        self.keys = {key.public.id: key for key in sorted(keys, key=lambda key: key.public.id)}
        self.number = after.number + 1 if after else 1
        self.file = trust.spell(
            {
                "format": "sapo-signers/1", "number": self.number, "threshold": 2, "made_on": "2026-11-28",
                "previous": trust.sha256_of(after.file) if after else NOTHING_BEFORE,
                "signers": [
                    {**key.public.as_members(), "id": name, "name": f"Signerare {name}"}
                    for name, key in self.keys.items()
                ],
            }
        )  # fmt: skip
        self.hash = trust.sha256_of(self.file)
        self.root = f"{self.number}:{self.hash}"

    def sign(self, kind: trust.SignedKind, octets: bytes, how_many: int = 2) -> bytes:
        some = list(self.keys.items())[:how_many]
        return trust.spell_signatures(
            kind, octets, {name: key.sign(kind, octets) for name, key in some}
        )

    def sign_next(self, following: "Signers", old: int = 2, new: int = 3) -> bytes:
        """The signatures under the next signers: of so many of these, and of so many of those."""
        some = dict([*list(self.keys.items())[:old], *list(following.keys.items())[:new]])
        signed = {name: key.sign("signers", following.file) for name, key in some.items()}
        return trust.spell_signatures("signers", following.file, signed)

    def keyring(self, serial: int, previous: bytes | None = None, **changed: Any) -> bytes:
        until = (datetime.now(UTC) + timedelta(days=100)).date().isoformat()
        return trust.spell(
            {
                "format": "sapo-keyring/3", "serial": serial, "signers": self.hash, "made_on": "2026-11-28",
                "previous": trust.sha256_of(previous) if previous else NOTHING_BEFORE, "not_after": until,
                "entries": [], "former": [], "intake": [], **changed,
            }
        )  # fmt: skip
