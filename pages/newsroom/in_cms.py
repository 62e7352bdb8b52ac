"""What the newsroom adds to the CMS: loaded where that is served (`wagtail_hooks`)."""

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from wagtail import hooks

from .desk import deleting, newsroom_reports
from .desk.act_buttons import offer_acts_in_header, offer_acts_in_list, offer_to_withdraw
from .desk.buttons import begin_autosave, let_form_only_save, move_on, show_newsroom_buttons
from .desk.by_address import address_of_changing
from .desk.check_page import findings_beside_form
from .desk.closed_doors import hide_closed_settings, keep_root_of_tree
from .desk.crisis.crisis_menu import crisis_in_menu
from .desk.crisis.prepared_registers import CallNumberViewSet, DutyViewSet, PreparedMessageViewSet
from .desk.history_words import tell_history
from .desk.locks import lock_what_is_sent
from .desk.made_twice import go_on_in_own_draft
from .desk.pasting import pasting_script
from .desk.phrases_register import PhraseViewSet
from .desk.sending_many import SEVERAL
from .desk.start_panels import show_lists
from .desk.ties_page import ties_in_menu
from .desk.twins_report import TwinsReport
from .editing import decisions, redirections, registers
from .editing.links_report import LinksReport
from .editing.media_library import library_addresses
from .editing.page_chooser import begin_where_one_writes


@hooks.register("insert_global_admin_css")
def style_cms() -> str:
    """On every page: its face, messages on a phone, frames of blocks, the crisis in the menu, pictures to upload."""
    names = ("cms_face", "cms_messages", "cms_writing", "crisis_menu", "library")
    sheets = ((static(f"css/{name}.css"),) for name in names)
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def start_fields() -> str:
    """Before every form, and where forms come later."""
    return format_html('<script src="{}"></script>', static("js/cms_starts.js"))


lock_what_is_sent()

hooks.register("register_log_actions", tell_history, order=1)
hooks.register("construct_main_menu", registers.hide_snippets_menu)
hooks.register("construct_settings_menu", redirections.hide_redirects_of_wagtail)
hooks.register("before_edit_snippet", decisions.keep_decision)
hooks.register("before_delete_snippet", decisions.keep_decisions)
for _report in (
    newsroom_reports.emergencies_in_menu,
    ties_in_menu,
    newsroom_reports.before_the_rule_in_menu,
    LinksReport.in_menu,
    TwinsReport.in_menu,
):
    hooks.register("register_reports_menu_item", _report)
hooks.register("register_admin_urls", LinksReport.addresses)
hooks.register("register_admin_urls", TwinsReport.addresses)
for _viewset in (PhraseViewSet, PreparedMessageViewSet, CallNumberViewSet, DutyViewSet):
    hooks.register("register_admin_viewset", _viewset)
hooks.register("register_admin_menu_item", crisis_in_menu)
hooks.register("register_admin_urls", library_addresses, order=-1)
hooks.register("register_admin_urls", address_of_changing)
hooks.register("insert_editor_js", pasting_script)
hooks.register("insert_editor_js", findings_beside_form)
hooks.register("before_create_page", go_on_in_own_draft)
hooks.register("before_create_page", begin_where_one_writes)
hooks.register("construct_settings_menu", hide_closed_settings)
hooks.register("before_move_page", keep_root_of_tree)
hooks.register("register_page_listing_more_buttons", offer_acts_in_list)
hooks.register("register_page_header_buttons", offer_acts_in_header)
hooks.register("register_snippet_listing_buttons", offer_to_withdraw)

for _kind in ("page", "snippet"):
    hooks.register(f"construct_{_kind}_action_menu", show_newsroom_buttons, order=100)
    hooks.register(f"before_create_{_kind}", let_form_only_save)
    hooks.register(f"before_edit_{_kind}", let_form_only_save)
    hooks.register(f"before_edit_{_kind}", begin_autosave)
    hooks.register(f"after_create_{_kind}", move_on)
    hooks.register(f"after_edit_{_kind}", move_on)
for _action in SEVERAL:
    hooks.register("register_bulk_action", _action)

hooks.register("construct_homepage_panels", show_lists, order=-1)
# How many pages there are stands in nobody's way to what waits.
hooks.register("construct_homepage_summary_items", lambda request, items: items.clear())

# What is deleted for good, and what stays

hooks.register("before_delete_page", deleting.before_deleting_page)
hooks.register("before_delete_snippet", deleting.before_deleting)
hooks.register("register_admin_urls", deleting.deleting_addresses, order=-1)
for _deleting in deleting.DELETING_SEVERAL:
    hooks.register("register_bulk_action", _deleting, order=1)  # in the place of Wagtail's own
