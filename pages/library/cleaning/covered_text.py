"""Finds text in a PDF that a program can read and a person cannot see, by drawing its pages.

Each page is drawn with its text and without: where the two do not differ, no letter is seen. What
that shows is looked at again: letter by letter, larger, in colour, one text at a time.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from .drawn_page import (
    Box,
    Difference,
    DrawnPage,
    PaintedObject,
    Pixels,
    ReadPage,
    Word,
    objects_of,
)
from .found import CannotBeRead, HiddenData, some_words

_LARGER = 4.0
# A ground whose colours differ by no more shows nothing (of 255).
_EVEN = 12
_DARK = 90
# One letter that nobody sees is a remnant of typesetting.
_LEAST_LETTERS = 2
# Words of no more points in height are read by programs only.
_LOWEST = 0.7
# An image that covers so much of a page is a scan.
_SCAN_SHARE = 0.7
# A smaller box, in points, covers no word.
_LEAST_SIDE = 6
# So many texts of a page that lie on others are looked at one by one.
_MOST_ALONE = 300
# A shadow, or a letter painted twice to make it bold, lies so near, in points.
_TWICE = 4


def pages_painted_over(path: Path) -> list[int]:
    """The pages on which something is painted over a scan. Raises HiddenData for hidden text."""
    found = []
    try:
        with pypdfium2.PdfDocument(path) as document:
            for number in range(1, len(document) + 1):
                page = document[number - 1]
                if _JudgedPage(page, number).is_painted_over():
                    found.append(number)
                page.close()
    except pypdfium2.PdfiumError as error:
        raise CannotBeRead from error
    return found


class _JudgedPage:
    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        self.page, self.number = page, number
        self.drawing = DrawnPage(page)
        self.painted = list(objects_of(page))
        self.texts = [each for each in self.painted if each.kind == raw.FPDF_PAGEOBJ_TEXT]
        self.scans = [each for each in self.painted if self._is_scan(each)]

    def is_painted_over(self) -> bool:
        """Whether something is painted over a scan. Raises HiddenData for hidden text."""
        if self.texts:
            read = ReadPage(self.page)
            try:
                self._refuse_hidden(read)
            finally:
                read.close()
        return bool(self.scans) and (self._is_scan_covered() or self._is_scan_blank())

    def _refuse_hidden(self, read: ReadPage) -> None:
        doubtful = [
            each
            for each in self._doubtful_texts()
            if any(letter.isalnum() for letter in read.text_of(each))
        ]
        if not doubtful:
            return
        words = list(read.words_in(doubtful))
        for word in words:
            if word.letter_count >= _LEAST_LETTERS and _is_tiny(word):
                raise HiddenData("tiny_text", self._place, ("words", some_words(word.text)))
        unseen = [word for word in self._unseen(words) if not self._was_drawn(word)]
        if unseen:
            self._refuse(unseen)

    @property
    def _place(self) -> tuple[str, int]:
        return "page", self.number

    # What is seen

    def _doubtful_texts(self) -> list[PaintedObject]:
        """Texts of which not all is certain to be seen."""
        painted = [each for each in self.texts if each.paints]
        lying = {each.order for each in _lying_on_others(painted)}
        changed = self.drawing.changed_by(painted, in_colour=False) if painted else None
        return [
            each
            for each in self.texts
            if (not each.paints and not self._lies_on_scan(each.box))
            or (each.paints and each.order in lying)
            or _is_low(each.box)
            or (
                each.paints
                and changed is not None
                and changed.has_gap(self.drawing.pixels(each.box))
            )
        ]

    def _unseen(self, words: Sequence[Word]) -> Iterator[Word]:
        """Words, or parts of them, that change nothing on the page."""
        larger = DrawnPage(self.page, _LARGER)
        changes: dict[int, Difference] = {}
        for word in words:
            part = Word()
            for letter in word.letters:
                of = letter.of
                if of.paints and of.order not in changes:
                    window = larger.on_page(larger.pixels(of.box), margin=2)
                    changes[of.order] = larger.changed_by([of], window)
                if not of.paints or not changes[of.order].is_within(larger.pixels(letter.box)):
                    part.letters.append(letter)
            if part.letter_count >= _LEAST_LETTERS:
                yield part

    def _was_drawn(self, word: Word) -> bool:
        """Whether a picture shows what the text says: the letters of a scan, or drawn ones."""
        if word.letters[0].of.paints and not self._lies_on_scan(word.box):
            return False
        return not self._is_even_without_text(word.box)

    def _is_even_without_text(self, box: Box) -> bool:
        window = self.drawing.on_page(self.drawing.pixels(box))
        return _is_empty(window) or _is_even(self.drawing.without(self.texts, window))

    # Scans

    def _is_scan(self, each: PaintedObject) -> bool:
        if each.kind != raw.FPDF_PAGEOBJ_IMAGE:
            return False
        left, bottom, right, top = each.box
        area = (right - left) * (top - bottom)
        return area >= _SCAN_SHARE * self.drawing.width * self.drawing.height

    def _lies_on_scan(self, box: Box) -> bool:
        return any(_is_inside(box, scan.box) for scan in self.scans)

    def _is_scan_covered(self) -> bool:
        """Whether a box or picture of one colour lies on the scan, and no text on that."""
        first = min(scan.order for scan in self.scans)
        if any(text.paints for text in self.texts):
            return False  # a picture behind a text, not a scan
        for each in self.painted:
            left, bottom, right, top = each.box
            if (
                each.order > first
                and each not in self.scans
                and each.kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
                and each.paints
                and min(right - left, top - bottom) >= _LEAST_SIDE
                and self._is_even_inside(each.box)
            ):
                return True
        return False

    def _is_even_inside(self, box: Box) -> bool:
        left, upper, right, lower = self.drawing.on_page(self.drawing.pixels(box))
        inner = left + 2, upper + 2, right - 2, lower - 2  # a frame may be of another colour
        return not _is_empty(inner) and _is_even(self.drawing.drawn(inner))

    def _is_scan_blank(self) -> bool:
        """Whether a scan shows nothing where its invisible text says something."""
        unpainted = [
            text for text in self.texts if not text.paints and self._lies_on_scan(text.box)
        ]
        if not unpainted:
            return False
        ground = self.drawing.drawn(in_colour=False)
        windows = (self.drawing.on_page(self.drawing.pixels(text.box)) for text in unpainted)
        return any(
            window[2] - window[0] > _LEAST_SIDE and _is_even(ground.crop(window))
            for window in windows
            if not _is_empty(window)
        )

    # What is said

    def _refuse(self, unseen: Sequence[Word]) -> None:
        cover = self._cover_of(unseen[0])
        text = " ".join(word.text for word in unseen if self._cover_of(word) == cover)
        raise HiddenData(cover, self._place, ("words", some_words(text)))

    def _cover_of(self, word: Word) -> str:
        window = self.drawing.on_page(self.drawing.pixels(word.box))
        if _is_empty(window):
            return "outside_page"
        last = word.letters[-1].of.order
        covers = [
            each
            for each in self.painted
            if each.order > last
            and each.kind != raw.FPDF_PAGEOBJ_TEXT
            and each.paints
            and _is_inside(word.box, each.box)
        ]
        if any(each.kind == raw.FPDF_PAGEOBJ_IMAGE for each in covers):
            return "under_picture"
        if not covers and not raw.FPDFPage_GetAnnotCount(self.page.raw):
            return "unseen_text"
        ground = self.drawing.without(self.texts, window)
        if max(low + high for low, high in _extremes_of(ground)) / 2 < _DARK:
            return "under_black_box"
        return "under_box" if covers else "unseen_text"


def _lying_on_others(texts: Sequence[PaintedObject]) -> Iterator[PaintedObject]:
    """Texts whose place is shared with another text, but for one that is painted twice."""
    by_top = sorted(texts, key=lambda each: -each.box[3])
    shared: dict[int, PaintedObject] = {}
    for index, one in enumerate(by_top):
        for other in by_top[index + 1 :]:
            if other.box[3] <= one.box[1]:
                break
            if _share_place(one.box, other.box) and not _is_twice(one.box, other.box):
                shared[one.order] = one
                shared[other.order] = other
    yield from list(shared.values())[:_MOST_ALONE]


def _share_place(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    lower = min(one[3] - one[1], other[3] - other[1])
    return height >= 0.5 * lower and width >= 0.5 * lower


def _is_twice(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _TWICE for a, b in zip(one, other, strict=True))


def _is_inside(inner: Box, outer: Box) -> bool:
    across, up = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= across <= outer[2] and outer[1] <= up <= outer[3]


def _is_even(picture: Image.Image) -> bool:
    return all(high - low <= _EVEN for low, high in _extremes_of(picture))


def _extremes_of(picture: Image.Image) -> list[tuple[float, float]]:
    """The darkest and the brightest value of each channel."""
    ends: list[Any] = [channel.getextrema() for channel in picture.split()]
    return ends


def _is_empty(window: Pixels) -> bool:
    return window[0] >= window[2] or window[1] >= window[3]


def _is_low(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) < _LOWEST


def _is_tiny(word: Word) -> bool:
    tall = max(letter.box[3] - letter.box[1] for letter in word.letters)
    wide = max(letter.box[2] - letter.box[0] for letter in word.letters)
    return 0 < max(tall, wide) < _LOWEST
