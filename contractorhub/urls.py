"""Every address of ContractorHub, by face."""

from django.contrib import admin
from django.urls import include, path

from contractorhub.health import healthz, metrics, readyz
from contractorhub.home import home

handler400 = "contractorhub.refusing.bad_request"
urlpatterns = [
    path("", home, name="home"),
    path("admin/", admin.site.urls),
    path("portal/", include("contractorhub.portal.urls")),
    path("finance/", include("contractorhub.finance.urls")),
    path("api/v1/", include("contractorhub.api.urls")),
    path("slack/", include("contractorhub.slack.urls")),
    path("account/", include("contractorhub.portal.account_urls")),
    path("verify/", include("contractorhub.portal.verify_urls")),
    path("mailbox/", include("contractorhub.mailbox.urls")),
    path("", include("contractorhub.returns.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
