"""Numbers that look random and are the same on every machine and every Python."""

import hashlib
import struct


class Chance:
    """An endless row of numbers that follows from the seed alone."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._block = 0
        self._waiting: list[int] = []

    def number(self) -> float:
        """The next number, from 0 up to but not including 1."""
        if not self._waiting:
            self._block += 1
            block = hashlib.shake_128(f"{self.seed}/{self._block}".encode()).digest(4096)
            self._waiting = list(struct.unpack("<1024I", block))
        return self._waiting.pop() / (1 << 32)

    def between(self, low: float, high: float) -> float:
        """The next number, evenly spread between the two."""
        return low + (high - low) * self.number()

    def near(self, middle: float, spread: float) -> float:
        """The next number, close to the middle more often than far from it."""
        return middle + spread * (self.number() + self.number() + self.number() - 1.5)

    def below(self, limit: int) -> int:
        """The next whole number, from 0 up to but not including the limit."""
        return int(self.number() * limit)

    def many(self, count: int) -> list[float]:
        """That many numbers at once, from -1 to 1, faster than one by one."""
        block = hashlib.shake_128(f"{self.seed}/many/{count}".encode()).digest(2 * count)
        return [
            (high << 8 | low) / 32767.5 - 1
            for high, low in zip(block[::2], block[1::2], strict=True)
        ]
