"""The plainest valid things of the accessibility statement."""

from datetime import date

import factory
from factory.django import DjangoModelFactory
from wagtail.models import Locale
from wagtail_factories import PageFactory

from sapo_site.accessibility import statement


class AccessibilityStatementPageFactory(PageFactory):
    title = "Tillgänglighetsredogörelse"
    slug = "tillganglighet"
    lead = "Alla ska kunna använda vår webbplats."
    assessed_on = date(2026, 11, 24)

    class Meta:
        model = statement.AccessibilityStatementPage


class AccessibilityDeviationFactory(DjangoModelFactory):
    what = "Filmer saknar syntolkning"
    text = "Den som inte ser får läsa texten."
    clause = "1.2.5 Syntolkning, inspelat"
    why = "Filmspelaren har ett ljudspår."
    instead = "Läs texten under filmen."
    since = date(2026, 11, 24)
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = statement.AccessibilityDeviation
