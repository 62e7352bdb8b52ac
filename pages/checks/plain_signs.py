"""Dashes, spaces and strokes as they are typed or pasted, made into the plain ones."""

# What is not seen is nothing.
_SIGNS = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-"),
    **dict.fromkeys((*range(0x2000, 0x200B), *map(ord, "\u00a0\u202f\u205f\u3000\t")), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None),
    ord("＋"): "+",
}


def plainly(text: str) -> str:
    """The text with one kind of dash and of space; parts of numbers are then easy to find."""
    return text.translate(_SIGNS)
