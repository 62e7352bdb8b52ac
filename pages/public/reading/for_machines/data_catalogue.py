"""What we publish as open data, by DCAT-AP-SE (https://docs.dataportal.se/dcat/), for those who gather it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .said import LICENCE, absolute, for_everybodys_programs


@for_everybodys_programs
def data_catalogue(request: HttpRequest) -> HttpResponse:
    """The three data sets, each with its forms, as RDF."""
    home = absolute(request, "/")
    said = {"catalogue": absolute(request, request.path), "licence": LICENCE}
    return render(
        request,
        "public/for_machines/data_catalogue.rdf",
        {**said, "home": home, "site": home.rstrip("/")},
        content_type="application/rdf+xml; charset=utf-8",
    )
