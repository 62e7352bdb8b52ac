"""What this app adds to the CMS: loaded where that is served (`pages.wagtail_hooks`)."""

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import (
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page

from pages.newsroom.desk.act_buttons import (
    offer_acts_in_header,
    offer_acts_in_list,
    offer_to_withdraw,
)
from pages.newsroom.desk.buttons import (
    begin_autosave,
    let_form_only_save,
    line_up_buttons,
    move_on,
    show_newsroom_buttons,
)
from pages.newsroom.desk.check_page import show_our_checks
from pages.newsroom.desk.closed_doors import close_doors, hide_closed_settings, keep_root_of_tree
from pages.newsroom.desk.locks import lock_what_is_sent
from pages.newsroom.desk.made_twice import go_on_in_own_draft
from pages.newsroom.desk.refused import say_what_is_not_confirmed
from pages.newsroom.desk.sending_many import SEVERAL
from pages.newsroom.desk.status_panel import show_newsroom_status
from pages.newsroom.editing.media_library import library_addresses
from pages.newsroom.editing.permissions import spare_questions
from pages.newsroom.editing.receiving import choose_without_preview

from .newsroom.desk import deleting, newsroom_reports
from .newsroom.desk.crisis.crisis_menu import crisis_in_menu
from .newsroom.desk.crisis.prepared_registers import numbers_in_cms, prepared_in_cms
from .newsroom.desk.pasting import pasting_script
from .newsroom.desk.phrases_register import phrases_in_cms
from .newsroom.desk.start import show_lists
from .newsroom.desk.ties_page import ties_in_menu
from .newsroom.desk.twins_report import TwinsReport
from .newsroom.editing import decisions, redirections, registers, starts
from .newsroom.editing.links_report import LinksReport, WaitingLinksReport
from .records.registrar.coming_in import only_records_in_menu, records_in_menu


@hooks.register("insert_global_admin_css")
def style_cms() -> str:
    """On every page: messages on a phone, the crisis in the menu, and pictures that any form uploads."""
    sheets = ((static(f"css/{name}.css"),) for name in ("cms_messages", "crisis_menu", "library"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def start_fields() -> str:
    """Before every form, and where forms come later."""
    return format_html('<script src="{}"></script>', static("js/cms_starts.js"))


# The forms of the link chooser name their fields in English only.
for _form in (EmailLinkChooserForm, ExternalLinkChooserForm, PhoneLinkChooserForm):
    for _name, _label in (
        ("link_text", _("Link text")),
        ("email_address", _("E-mail address")),
        ("subject", _("Subject line")),
        ("body", _("Message")),
        ("phone_number", _("Telephone number")),
    ):
        if _name in _form.base_fields:
            _form.base_fields[_name].label = _label

# The page search is the only list of pages without names for what it counts.
SearchView.verbose_name = Page._meta.verbose_name
SearchView.verbose_name_plural = Page._meta.verbose_name_plural

spare_questions()
close_doors()
starts.start_without_inline_scripts()
choose_without_preview()
lock_what_is_sent()
line_up_buttons()
go_on_in_own_draft()
show_newsroom_status()
show_our_checks()
say_what_is_not_confirmed()

hooks.register("construct_main_menu", registers.hide_snippets_menu)
hooks.register("construct_settings_menu", redirections.hide_redirects_of_wagtail)
hooks.register("before_edit_snippet", decisions.keep_decision)
hooks.register("before_delete_snippet", decisions.keep_decisions)
for _report in (
    newsroom_reports.emergencies_in_menu,
    ties_in_menu,
    newsroom_reports.before_the_rule_in_menu,
    LinksReport.in_menu,
    WaitingLinksReport.in_menu,
    TwinsReport.in_menu,
):
    hooks.register("register_reports_menu_item", _report)
hooks.register("register_admin_urls", LinksReport.addresses)
hooks.register("register_admin_urls", WaitingLinksReport.addresses)
hooks.register("register_admin_urls", TwinsReport.addresses)
for _viewset in (phrases_in_cms, prepared_in_cms, numbers_in_cms):
    hooks.register("register_admin_viewset", _viewset)
hooks.register("register_admin_menu_item", crisis_in_menu)
hooks.register("register_admin_urls", library_addresses, order=-1)
hooks.register("insert_editor_js", pasting_script)
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

# What was public, for the registrar

hooks.register("register_admin_menu_item", records_in_menu)
hooks.register("construct_main_menu", only_records_in_menu)

# What is deleted for good, and what stays

hooks.register("before_delete_page", deleting.before_deleting_page)
hooks.register("before_delete_snippet", deleting.before_deleting)
hooks.register("before_bulk_action", deleting.before_deleting_several)
