"""The schema and its page, which loads nothing from elsewhere and holds no inline script or style."""

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularJSONAPIView):
    """The OpenAPI 3.1 schema as JSON."""

    schema: Any = None


class Docs(SpectacularSwaggerSplitView):
    """The schema as a page to read and try."""

    schema: Any = None
    url_name = "api:schema"
    template_name = "api/docs.html"
