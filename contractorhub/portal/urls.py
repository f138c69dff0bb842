"""Addresses of the contractor's portal."""

from django.urls import path
from django.views.i18n import set_language

from contractorhub.portal.views import corrections, estimates, own_data, settings, statements, status, work

app_name = "portal"

urlpatterns = [
    path("", status.home, name="home"),
    path("status.json", status.status_json, name="status_json"),
    path("pauses/<uuid:public_id>/", status.pause, name="pause"),
    path("pauses/<uuid:public_id>/acknowledge/", status.acknowledge, name="acknowledge"),
    path("pauses/<uuid:public_id>/estimate/", estimates.estimate, name="estimate"),
    path("estimate/", estimates.estimates, name="estimates"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/new/<slug:kind>/", corrections.new_correction, name="new_correction"),
    path("corrections/<uuid:public_id>/", corrections.correction, name="correction"),
    path("corrections/<uuid:public_id>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("corrections/<uuid:public_id>/papers/<int:pk>/", corrections.paper, name="correction_paper"),
    path("work/", work.open_work, name="open_work"),
    path("work/skills/", work.skills, name="skills"),
    path("work/<int:pk>/", work.answer_seat, name="answer_seat"),
    path("statement/", statements.statements, name="statements"),
    path("statement/<str:code>.pdf", statements.statement_pdf, name="statement_pdf"),
    path("statement/<str:code>/revoke/", statements.revoke, name="revoke_statement"),
    path("settings/", settings.settings, name="settings"),
    path("settings/security/", settings.security, name="security"),
    path("settings/reads/", settings.reads, name="reads"),
    path("settings/telling/", settings.telling, name="telling"),
    path("settings/calendar/", own_data.link_calendar, name="link_calendar"),
    path("settings/calendar/remove/", own_data.unlink_calendar, name="unlink_calendar"),
    path("settings/erasure/", own_data.erasure, name="erasure"),
    path("my-data.json", own_data.my_data_json, name="my_data"),
    path("my-data.zip", own_data.my_data_csv, name="my_data_csv"),
    path("calendar/<str:token>.ics", own_data.calendar, name="calendar"),
    path("language/", set_language, name="language"),
]
