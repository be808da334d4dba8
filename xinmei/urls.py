"""Every address of the site: each room brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("xinmei.people.urls")),
    path("", include("xinmei.acts.urls")),
    path("", include("xinmei.people.staff.urls")),
    path("", include("xinmei.api.urls")),
    path("", include("xinmei.jobs.urls")),
    path("", include("xinmei.registry.urls")),
    path("", include("xinmei.registry.readings.urls")),
    path("", include("xinmei.registry.exemptions.urls")),
    path("", include("xinmei.registry.corrections.urls")),
    path("", include("xinmei.registry.filings.urls")),
    path("", include("xinmei.registry.reconciling.urls")),
    path("", include("xinmei.registry.closing.urls")),
    path("", include("xinmei.registry.offices.urls")),
    path("", include("xinmei.registry.starting.urls")),
    path("", include("xinmei.notices.urls")),
    path("", include("xinmei.upkeep.urls")),
    path("", include("xinmei.publishing.urls")),
    path("", include("xinmei.interaction.urls")),
    path("", include("xinmei.screening.urls")),
    path("", include("xinmei.supervision.urls")),
    path("", include("xinmei.urging.urls")),
    path("", include("xinmei.assessment.urls")),
    path("", include("xinmei.reports.urls")),
    path("", include("xinmei.collectors.urls")),
    path("", include("xinmei.desk.urls")),
]

handler400 = "xinmei.pages.failing.bad_request"
handler403 = "xinmei.pages.failing.forbidden"
handler404 = "xinmei.pages.failing.not_found"
handler500 = "xinmei.pages.failing.server_error"
