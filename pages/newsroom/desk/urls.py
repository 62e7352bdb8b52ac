"""The newsroom's addresses in the CMS; they stand before Wagtail's own."""

from django.urls import include, path

from . import frame_pages
from .check_page import check_page
from .confirmation_page import ConfirmView
from .crisis import crisis_steps, standing
from .from_file_page import FromFileView
from .imported_page import ImportedView
from .move_page import MoveView
from .newsroom_reports import BeforeTheRuleReport, EmergenciesReport
from .order_page import OrderView
from .pasting import paste
from .review_page import ReviewView
from .sending_page import SendProposal, SendVersion
from .start_panels import whole_list
from .stop_page import StopView
from .ties_page import TiesView
from .upkeep_page import UpkeepView
from .withdraw_page import WithdrawView

app_name = "newsdesk"
_of_crises = [
    path("", standing.crisis, name="crisis"),
    path("ny/", crisis_steps.BeginView.as_view(), name="crisis_begin"),
    path("<int:pk>/valj/", crisis_steps.ChooseView.as_view(), name="crisis_choose"),
    path("<int:pk>/skriv/", crisis_steps.WriteView.as_view(), name="crisis_write"),
    path("<int:pk>/se/", crisis_steps.LookView.as_view(), name="crisis_look"),
    path("<int:pk>/vem/", crisis_steps.AskView.as_view(), name="crisis_ask"),
    path("<int:pk>/", standing.out, name="crisis_out"),
    path("<int:pk>/lage/", standing.state, name="crisis_state"),
    path("<int:pk>/ta-tillbaka/", standing.take_back_sending, name="crisis_take_back"),
    path("<int:pk>/slang/", standing.throw_away_sending, name="crisis_throw"),
]
urlpatterns = [
    path("krislage/", include(_of_crises)),
    path("skicka/forslag/<int:pk>/", SendProposal.as_view(), name="send_proposal"),
    path("skicka/<str:kind>/<str:key>/", SendVersion.as_view(), name="send"),
    path("koll/<str:kind>/<str:key>/", check_page, name="check"),
    path("godkann/<int:pk>/", ConfirmView.as_view(), name="confirm"),
    path("ta-bort/<str:kind>/<str:key>/", WithdrawView.as_view(), name="withdraw"),
    path("flytta/<int:pk>/", MoveView.as_view(), name="move"),
    path("ordna/<int:pk>/", OrderView.as_view(), name="order"),
    path("granska/<int:pk>/", ReviewView.as_view(), name="review"),
    path("stoppa/<int:pk>/", StopView.as_view(), name="stop"),
    path("stammer/<int:pk>/", UpkeepView.as_view(), name="upkeep"),
    path("fran-fil/<int:pk>/", FromFileView.as_view(), name="from_file"),
    path("klistra/<int:pk>/", paste, name="paste"),
    path("jamfor/<int:pk>/", ImportedView.as_view(), name="imported"),
    path("konton/", TiesView.as_view(), name="ties"),
    path("fore-regeln/", BeforeTheRuleReport.as_view(), name="before_the_rule"),
    path(
        "fore-regeln/resultat/",
        BeforeTheRuleReport.as_view(results_only=True),
        name="before_the_rule_results",
    ),
    path("nodpubliceringar/", EmergenciesReport.as_view(), name="emergencies"),
    path(
        "nodpubliceringar/resultat/",
        EmergenciesReport.as_view(results_only=True),
        name="emergencies_results",
    ),
    path("visa/fil/<int:pk>/", frame_pages.proposed_file, name="proposed_file"),
    path("visa/version/<int:pk>/", frame_pages.preview_revision, name="preview_revision"),
    path("lista/<str:name>/", whole_list, name="list"),
]
