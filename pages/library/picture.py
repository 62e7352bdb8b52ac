"""The `picture` element that shows an image, from the renditions that exist."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import AbstractImage, AbstractRendition

from .renditions import FORMATS, SHARED_SPEC, by_format, renditions_of


def picture(
    image: AbstractImage, *, alt: str, sizes: str, priority: bool = False, css_class: str = ""
) -> SafeString:
    """A `picture` with AVIF, WebP and JPEG in several widths, and its size for the layout.

    `sizes` says how wide it is shown. A picture with `priority` is above the fold and loads at
    once; all others load when the reader comes near. Only the text alternative, as long as the image
    has no rendition: the upload itself is served to nobody.
    """
    shown_as = (sizes, priority, css_class)
    written = _written_of(image)
    if shown_as not in written:
        written[shown_as] = _written(image, *shown_as)
    return format_html("{}{}{}", written[shown_as][0], alt, written[shown_as][1])


def _written(
    image: AbstractImage, sizes: str, priority: bool, css_class: str
) -> tuple[SafeString, SafeString]:
    """The HTML before and after the text alternative."""
    made, fallback = by_format(image), _fallback(image)
    if not fallback:
        return SafeString('<span class="picture-missing">'), SafeString("</span>")
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((name, _srcset(made[name]), sizes) for name in FORMATS[:-1] if made[name]),
    )
    loading = (
        format_html(' fetchpriority="{}"', "high")
        if priority
        else format_html(' loading="{}" decoding="{}"', "lazy", "async")
    )
    before = format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="',
        sources,
        fallback[min(1, len(fallback) - 1)].file.url,
        _srcset(fallback),
        sizes,
        fallback[-1].width,
        fallback[-1].height,
    )
    after = format_html(
        '"{}{}></picture>', format_html(' class="{}"', css_class) if css_class else "", loading
    )
    return before, after


def still_url(image: AbstractImage) -> str:
    """The address of the widest JPEG, for elements that take only one address; maybe empty."""
    still = still_of(image)
    return still.file.url if still else ""


class SharedPicture(NamedTuple):
    """The picture that a shared link shows: its address, and its size in pixels."""

    url: str
    width: int
    height: int


def shared_picture(image: AbstractImage) -> SharedPicture | None:
    """The picture cropped for a shared link; uncropped if that rendition is not made yet."""
    written = _written_of(image)
    if SHARED_SPEC not in written:
        shown = renditions_of(image).get(SHARED_SPEC) or still_of(image)
        written[SHARED_SPEC] = shown and SharedPicture(shown.file.url, shown.width, shown.height)
    shared: SharedPicture | None = written[SHARED_SPEC]
    return shared


def _written_of(image: AbstractImage) -> dict[object, Any]:
    """The HTML kept for an image from a shelf until something changes; else an empty dict."""
    written: dict[object, Any] | None = getattr(image, "pictures_written", None)
    return {} if written is None else written


def still_of(image: AbstractImage) -> AbstractRendition | None:
    """The widest JPEG, or else another rendition that shows the whole picture."""
    return next(reversed(_fallback(image)), None)


def _fallback(image: AbstractImage) -> list[AbstractRendition]:
    """The renditions that every browser shows, as far as there are any."""
    made = by_format(image)
    return made["jpeg"] or made["webp"] or made["avif"]


def _srcset(files: Iterable[AbstractRendition]) -> str:
    return ", ".join(f"{each.file.url} {each.width}w" for each in files)
