"""The plainest valid things of the app `cooperation`."""

import factory
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory

from cooperation import models


class PartnerFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Myndighet {n}")
    kind = models.Partner.Kind.AUTHORITY
    scope = models.Partner.Scope.NATIONAL

    class Meta:
        model = models.Partner


class CooperationPageFactory(PageFactory):
    title = "Samarbete med andra"
    lead = "Ingen skyddar Sverige ensam."

    class Meta:
        model = models.CooperationPage
