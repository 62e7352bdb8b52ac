"""The addresses of this process; SAPO_ROLES decides which exist."""

from importlib import import_module

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from .answering import views

handler400 = "sapo_site.answering.views.bad_request"
handler403 = "sapo_site.answering.views.permission_denied"
handler404 = "sapo_site.answering.views.page_not_found"
handler500 = "sapo_site.answering.views.server_error"


def names_only(urlconf: str) -> tuple[list[URLPattern], str]:
    """The addresses of another service, for links to it; here they answer 404."""
    module = import_module(urlconf)
    patterns = [
        path(str(each.pattern), views.elsewhere, name=each.name) for each in module.urlpatterns
    ]
    return patterns, module.app_name


urlpatterns: list[URLPattern | URLResolver] = [
    path("halsa/", views.health, name="health"),
    path("halsa/redo/", views.ready, name="ready"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]

if "editorial" in settings.ROLES:
    from wagtail.admin.auth import require_admin_access
    from wagtail.admin.views.pages.search import SearchView
    from wagtail.models import Page
    from wagtail.utils.urlpatterns import decorate_urlpatterns

    from pages.newsroom.desk import urls as newsdesk
    from pages.newsroom.desk.closed_doors import closed_addresses
    from pages.newsroom.editing.page_chooser import chooser_addresses
    from pages.records.registrar import urls as registrar

    from .accounts.login import CmsLoginView, CmsLogoutView
    from .accounts.password_links import NewPasswordView
    from .accounts.second_factor import urls as second_factor

    closed_in_the_cms = require_admin_access(views.closed_to_all)
    # The only list of Wagtail's that has no name for what it counts.
    search = {
        "verbose_name": Page._meta.verbose_name,
        "verbose_name_plural": Page._meta.verbose_name_plural,
    }

    urlpatterns += [
        path(
            ".well-known/change-password", RedirectView.as_view(pattern_name="wagtailadmin_account")
        ),
        # In place of Wagtail's own, which keep the names.
        path(f"{settings.ADMIN_PATH}login/", CmsLoginView.as_view()),
        path(f"{settings.ADMIN_PATH}logout/", CmsLogoutView.as_view()),
        path(settings.ADMIN_PATH, include(second_factor)),
        path(
            f"{settings.ADMIN_PATH}nytt-losenord/<uidb64>/<token>/",
            NewPasswordView.as_view(),
            name="new_password",
        ),
        path(
            f"{settings.ADMIN_PATH}pages/search/",
            require_admin_access(SearchView.as_view(**search)),
        ),
        path(
            f"{settings.ADMIN_PATH}pages/search/results/",
            require_admin_access(SearchView.as_view(**search, results_only=True)),
        ),
        *chooser_addresses(settings.ADMIN_PATH),
        *closed_addresses(settings.ADMIN_PATH),
        path(
            f"{settings.ADMIN_PATH}redaktion/",
            include((decorate_urlpatterns(newsdesk.urlpatterns, require_admin_access), "newsdesk")),
        ),
        path(
            f"{settings.ADMIN_PATH}sa-sag-sidan/",
            include(
                (decorate_urlpatterns(registrar.urlpatterns, require_admin_access), "registrar")
            ),
        ),
        # Wagtail's redirects are written by the register of redirects, and by nobody.
        re_path(rf"^{settings.ADMIN_PATH}redirects/", closed_in_the_cms),
        path(settings.ADMIN_PATH, include("wagtail.admin.urls")),
    ]

if settings.WITH_PAGES:
    from pages.public.reading.onward import onward_rules
    from pages.public.reading.sitemaps import sitemap
    from pages.public.reading.uploaded_files import document, media

    from .accessibility.listing import ADDRESS as MESSAGE_PATH
    from .accessibility.views import message

    urlpatterns += [
        path("robots.txt", views.robots, name="robots"),
        path("favicon.ico", views.favicon),
        path("sitemap.xml", sitemap, name="sitemap"),
        path("vidare.json", onward_rules, name="onward_rules"),
        re_path(r"^dokument/(\d+)/(.*)$", document, name="wagtaildocs_serve"),
        path("dokument/", include("wagtail.documents.urls")),
        re_path(r"^media/(?P<path>.+)$", media, name="media"),
    ]


if "intake" in settings.ROLES:
    urlpatterns += i18n_patterns(
        path(settings.INTAKE_PATH, include("tips.urls")), prefix_default_language=False
    )
elif "editorial" in settings.ROLES:
    # Editors link to the form and see its texts, but another service serves it.
    urlpatterns += i18n_patterns(
        path(settings.INTAKE_PATH, include(names_only("tips.urls"))), prefix_default_language=False
    )

if "desk" in settings.ROLES:
    urlpatterns.append(path(settings.DESK_PATH, include("tips.desk.urls")))
elif "editorial" in settings.ROLES:
    # Another service serves it, so no page may lie there (`pages.content.tree.addresses.is_taken`).
    urlpatterns.append(path(settings.DESK_PATH, views.elsewhere))

if settings.WITH_PAGES:
    urlpatterns += i18n_patterns(
        path("", include(([path(MESSAGE_PATH, message, name="message")], "accessibility"))),
        prefix_default_language=False,
    )
    # Last, since it matches every address that a page may have.
    urlpatterns += i18n_patterns(path("", include("pages.urls")), prefix_default_language=False)
