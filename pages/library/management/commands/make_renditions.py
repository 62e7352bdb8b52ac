"""Makes the renditions that images lack."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.ground.models import ContentVersion
from pages.library.models import SiteImage
from pages.library.renditions import images_with_renditions, make_missing_renditions

_IMAGES_AT_ONCE = 100


class Command(BaseCommand):
    help = _("Makes the renditions that images lack, as after a restored backup.")

    def handle(self, *args: Any, **options: Any) -> None:
        made, failed = 0, []
        keys = list(SiteImage.objects.order_by("pk").values_list("pk", flat=True))
        for begin in range(0, len(keys), _IMAGES_AT_ONCE):
            some, before = keys[begin : begin + _IMAGES_AT_ONCE], made
            for image in images_with_renditions(some).values():
                try:
                    made += make_missing_renditions(image)
                except OSError:
                    failed.append(str(image.pk))
            if made > before:  # for those who look while the rest is made
                ContentVersion.raise_version("siteimage")
            if begin + _IMAGES_AT_ONCE < len(keys):
                self.stdout.write(
                    _("%(number)d of %(count)d images")
                    % {"number": begin + _IMAGES_AT_ONCE, "count": len(keys)}
                )
        self.stdout.write(
            ngettext(
                "Made what %(count)d image lacked.", "Made what %(count)d images lacked.", made
            )
            % {"count": made}
        )
        if failed:
            raise CommandError(
                _("Images whose file cannot be read: %(keys)s") % {"keys": ", ".join(failed)}
            )
