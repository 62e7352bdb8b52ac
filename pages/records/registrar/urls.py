"""The addresses of the records in the CMS."""

from django.urls import path

from .changes_page import changes_page
from .coming_in import looks_back
from .date_page import date_page
from .exports_page import export_file, exports_page
from .frames import recorded
from .sealing_page import sealing_page
from .weeding_pages import propose_page, weed_page, weedings_page

app_name = "registrar"
urlpatterns = [
    path("", looks_back(date_page), name="at"),
    path("andringar/", looks_back(changes_page), name="changes"),
    path("visat/<str:moment>/", recorded, name="recorded"),
    path("visat/<str:moment>/<path:address>", recorded),
    # Before these the password is asked for again (`sapo_site.accounts.second_factor.coming_in`).
    path("sekretess/", sealing_page, name="seal"),
    path("gallra/", propose_page, name="propose_weeding"),
    path("gallra/<int:pk>/", weed_page, name="weed"),
    path("gallring/", weedings_page, name="weedings"),
    path("arkiv/", exports_page, name="exports"),
    path("arkiv/<str:name>/", export_file, name="export"),
]
