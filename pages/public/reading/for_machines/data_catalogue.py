"""What we publish as open data, by DCAT-AP-SE (https://docs.dataportal.se/dcat/), for those who gather it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .said import LICENCE, absolute, for_everybodys_programs

_JSON, _ATOM = ("JSON", "application/json"), ("Atom", "application/atom+xml")
# Title and description in both languages, and the forms: name, media type, view, the view of its schema.
_SETS = {
    "terrorhotniva": (
        ("Terrorhotnivån i Sverige", "The terrorist threat level in Sweden"),
        (
            "Nivån som gäller och alla tidigare beslut, med det som blev fel och hur det rättades.",
            "The level in force and every earlier decision, with what was wrong and its correction.",
        ),
        [
            (*_JSON, "threat_level_json", "threat_level_schema"),
            (*_ATOM, "threat_level_atom", ""),
        ],
    ),
    "meddelanden": (
        ("Viktiga meddelanden", "Important messages"),
        (
            "Det som står överst på alla sidor, med rättelser och när en fara är över.",
            "What stands above every page, with corrections and when a danger is over.",
        ),
        [(*_JSON, "messages_json", "messages_schema"), (*_ATOM, "messages_atom", "")],
    ),
    "nyheter": (
        ("Nyheter", "News"),
        ("De senaste nyheterna och pressmeddelandena.", "The latest news and press releases."),
        [
            ("JSON Feed", "application/feed+json", "news_json", ""),
            (*_ATOM, "news_atom", ""),
            ("RSS", "application/rss+xml", "news_rss", ""),
        ],
    ),
}


@for_everybodys_programs
def data_catalogue(request: HttpRequest) -> HttpResponse:
    """The three data sets, each with its forms, as RDF."""

    def at(view: str) -> str:
        return absolute(request, view and reverse(f"pages:{view}"))

    sets = [
        {
            "name": name,
            "titles": titles,
            "descriptions": descriptions,
            "forms": [(form, kind, at(view), at(schema)) for form, kind, view, schema in forms],
        }
        for name, (titles, descriptions, forms) in _SETS.items()
    ]
    said = {"catalogue": at("data_catalogue"), "home": absolute(request, "/"), "licence": LICENCE}
    return render(
        request,
        "public/for_machines/data_catalogue.rdf",
        {**said, "sets": sets},
        content_type="application/rdf+xml; charset=utf-8",
    )
