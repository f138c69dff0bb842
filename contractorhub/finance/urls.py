"""Addresses of the finance room."""

from django.urls import path

from contractorhub.finance.views import jobs, people, periods, rates, reports, runs, schedules, terms

app_name = "finance"
urlpatterns = [
    path("", reports.index, name="index"),
    path("reports/<slug:name>/", reports.report, name="report"),
    path("reports/<slug:name>/pull/", reports.pull, name="pull"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<uuid:public_id>/", runs.run, name="run"),
    path("runs/<uuid:public_id>/again/", runs.again, name="again"),
    path("runs/<uuid:public_id>/difference/", runs.difference, name="difference"),
    path("runs/<uuid:public_id>/<slug:written_as>/", runs.download, name="download"),
    path("reports/<slug:name>/schedule/", schedules.new_schedule, name="new_schedule"),
    path("periods/", periods.periods, name="periods"),
    path("terms/", terms.terms, name="terms"),
    path("rates/", rates.rates, name="rates"),
    path("schedules/", schedules.schedules, name="schedules"),
    path("schedules/<uuid:public_id>/", schedules.schedule, name="schedule"),
    path("schedules/<uuid:public_id>/change/", schedules.change_schedule, name="change_schedule"),
    path("schedules/<uuid:public_id>/toggle/", schedules.toggle_schedule, name="toggle_schedule"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/stop/", jobs.stop, name="stop"),
    path("people/<int:contractor_id>/", people.person, name="person"),
]
