"""The synonyms that come with the site, from which editors go on."""

import tomllib
from pathlib import Path

from wagtail.models import Locale

from pages.search.models import Synonym, names_in

from .words import normal

_FILE = Path(__file__).with_name("synonyms.toml")


def missing_synonyms() -> list[Synonym]:
    """Those whose first name stands in no row of the site, as drafts that are not saved yet."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    known = {
        (row.locale_id, normal(name))
        for row in Synonym.objects.all()
        for name in names_in(row.names)
    }
    return [
        Synonym(locale=locales[language], names=names, live=False)
        for language, lines in tomllib.loads(_FILE.read_text()).items()
        if language in locales
        for names in lines
        if (locales[language].pk, normal(names_in(names)[0])) not in known
    ]
