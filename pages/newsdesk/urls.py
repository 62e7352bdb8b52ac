"""The newsroom's addresses in the CMS; they stand before Wagtail's own."""

from django.urls import path

from . import frame_pages
from .basket_views import BasketView, put_back_draft
from .check_page import check_page
from .confirmation_page import ConfirmView
from .move_page import MoveView
from .newsroom_reports import BeforeTheRuleReport, EmergenciesReport, SendTogetherView
from .order_page import OrderView
from .review_page import ReviewView
from .sending_page import SendProposal, SendVersion
from .start import whole_list
from .stop_page import StopView
from .terms_report import TermsReport
from .unused_report import UnusedReport
from .withdraw_page import WithdrawView

app_name = "newsdesk"
urlpatterns = [
    path("skicka/forslag/<int:pk>/", SendProposal.as_view(), name="send_proposal"),
    path("skicka/<str:kind>/<str:key>/", SendVersion.as_view(), name="send"),
    path("koll/<str:kind>/<str:key>/", check_page, name="check"),
    path("godkann/<int:pk>/", ConfirmView.as_view(), name="confirm"),
    path("ta-bort/<str:kind>/<str:key>/", WithdrawView.as_view(), name="withdraw"),
    path("flytta/<int:pk>/", MoveView.as_view(), name="move"),
    path("ordna/<int:pk>/", OrderView.as_view(), name="order"),
    path("granska/<int:pk>/", ReviewView.as_view(), name="review"),
    path("stoppa/<int:pk>/", StopView.as_view(), name="stop"),
    path("fore-regeln/", BeforeTheRuleReport.as_view(), name="before_the_rule"),
    path(
        "fore-regeln/resultat/",
        BeforeTheRuleReport.as_view(results_only=True),
        name="before_the_rule_results",
    ),
    path("fore-regeln/skicka/", SendTogetherView.as_view(), name="send_together"),
    path("nodpubliceringar/", EmergenciesReport.as_view(), name="emergencies"),
    path(
        "nodpubliceringar/resultat/",
        EmergenciesReport.as_view(results_only=True),
        name="emergencies_results",
    ),
    path("rattigheter/", TermsReport.as_view(), name="terms"),
    path("rattigheter/resultat/", TermsReport.as_view(results_only=True), name="terms_results"),
    path("oanvanda-filer/", UnusedReport.as_view(), name="unused"),
    path(
        "oanvanda-filer/resultat/", UnusedReport.as_view(results_only=True), name="unused_results"
    ),
    path("visa/<int:pk>/", frame_pages.preview, name="preview"),
    path("visa/<int:pk>/publik/", frame_pages.preview_public, name="preview_public"),
    path("visa/fil/<int:pk>/", frame_pages.proposed_file, name="proposed_file"),
    path("visa/version/<int:pk>/", frame_pages.preview_revision, name="preview_revision"),
    path("lista/<str:name>/", whole_list, name="list"),
    path("papperskorg/", BasketView.as_view(), name="basket"),
    path("papperskorg/lista/", BasketView.as_view(results_only=True), name="basket_results"),
    path("papperskorg/<int:key>/", put_back_draft, name="put_back"),
]
