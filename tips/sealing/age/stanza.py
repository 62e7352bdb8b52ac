"""A stanza of a header: the key of the file, sealed to one recipient."""

from dataclasses import dataclass

from .encoding import to_base64

FILE_KEY_SIZE = 16
SEALED_KEY_SIZE = FILE_KEY_SIZE + 16
COLUMNS = 64


@dataclass(frozen=True)
class Stanza:
    arguments: tuple[str, ...]
    body: bytes

    @property
    def kind(self) -> str:
        return self.arguments[0]

    def encode(self) -> bytes:
        text = to_base64(self.body)
        # A last line that is full is followed by an empty one: a short line ends the stanza.
        lines = [text[at : at + COLUMNS] for at in range(0, len(text) + 1, COLUMNS)]
        return b"\n".join([f"-> {' '.join(self.arguments)}".encode(), *lines, b""])
