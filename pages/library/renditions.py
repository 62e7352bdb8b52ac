"""The renditions of an image: which ones pages need, and which are missing."""

from collections.abc import Iterable

from django.dispatch import Signal
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

# The widest is the width of an article's text, doubled for dense screens.
WIDTHS = (400, 800, 1400)
# The picture that a shared link shows (Open Graph).
SHARED_SPEC = "fill-1200x630|format-jpeg|jpegquality-76"
# Best first: a browser takes the first type that it knows.
FORMATS = ("avif", "webp", "jpeg")
# Wagtail stores many renditions at once, of which no signal of Django tells.
renditions_made = Signal()
_QUALITY = {"avif": "avifquality-55", "webp": "webpquality-72", "jpeg": "jpegquality-76"}


def make_missing_renditions(image: AbstractImage) -> bool:
    """Makes the renditions that the image lacks; returns whether it lacked any."""
    made = renditions_of(image)
    missing = [spec for spec in wanted_specs(image) if spec not in made]
    if missing:
        image.get_renditions(*missing)
        renditions_made.send(type(image), instance=image)
    return bool(missing)


def wanted_specs(image: AbstractImage) -> list[str]:
    """How the image is drawn for readers; the CMS draws it in other ways as well."""
    return [*(spec for _format, spec in _specs(image)), SHARED_SPEC]


def images_with_renditions(keys: Iterable[int]) -> dict[int, AbstractImage]:
    """The images with these keys and their renditions, in one query; two if an image has none."""
    model = get_image_model()
    images: dict[int, AbstractImage] = {}
    renditions: dict[int, list[AbstractRendition]] = {}
    rows = model.get_rendition_model().objects.filter(image__in=keys).select_related("image")
    for rendition in rows:
        image = images.setdefault(rendition.image_id, rendition.image)
        rendition.image = image
        renditions.setdefault(image.pk, []).append(rendition)
    if without := set(keys) - images.keys():
        images |= model.objects.in_bulk(without)
    for image in images.values():
        image.prefetched_renditions = renditions.get(image.pk, [])
        # All copies of the image share this dict: the HTML kept for it until something changes.
        image.pictures_written = {}
    return images


def renditions_of(image: AbstractImage) -> dict[str, AbstractRendition]:
    """Spec -> rendition, for those made with the present focal point. Never makes any."""
    found = getattr(image, "prefetched_renditions", None)
    if found is None:
        found = image.renditions.all()
    return {
        each.filter_spec: each
        for each in found
        if each.focal_point_key == Filter(each.filter_spec).get_cache_key(image)
    }


def by_format(image: AbstractImage) -> dict[str, list[AbstractRendition]]:
    """Format -> the existing renditions, from narrow to wide."""
    found = renditions_of(image)
    made: dict[str, list[AbstractRendition]] = {name: [] for name in FORMATS}
    for name, spec in _specs(image):
        if spec in found:
            made[name].append(found[spec])
    return made


def _specs(image: AbstractImage) -> Iterable[tuple[str, str]]:
    widths = [width for width in WIDTHS if width < image.width] or [image.width]
    for image_format in FORMATS:
        for width in widths:
            yield image_format, f"width-{width}|format-{image_format}|{_QUALITY[image_format]}"
