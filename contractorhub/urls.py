"""Every address of ContractorHub, by face."""

from django.contrib import admin
from django.urls import include, path

from contractorhub.health import healthz, metrics, readyz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("finance/", include("contractorhub.finance.urls")),
    path("api/v1/", include("contractorhub.api.urls")),
    path("account/", include("allauth.urls")),
    path("mailbox/", include("contractorhub.mailbox.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
