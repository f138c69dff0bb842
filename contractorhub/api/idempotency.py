"""The same request twice acts once: the act and its stored answer are one transaction."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from contractorhub.api.errors import problem
from contractorhub.api.models import StoredAnswer
from projects.models import User

KEPT_FOR: Final = timedelta(days=7)
_KEY: Final = re.compile(r"^[\x21-\x7e]{1,200}\Z")
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    OpenApiParameter.HEADER,
    description="Yours to choose, unique a request. The same key with the same body gets the stored answer for "
    "seven days; with another body it is refused with 422.",
)


def answer_once(request: Request, user: User, act: Callable[[], tuple[int, Any]]) -> Response:
    """Run `act`, which returns a status and a body, unless the key of this request was answered before.

    Refusals are not stored: a request that was refused may be put right and sent again under its key.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        status_code, body = act()
        return Response(body, status=status_code)
    if not _KEY.match(key):
        raise ParseError("An Idempotency-Key has 1 to 200 printable ASCII characters without spaces.")
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        claimed = _claim(user, key, fingerprint)
        if claimed is not None:
            claimed.status_code, body = act()
            claimed.body = json.loads(JSONRenderer().render(body))
            claimed.save(update_fields=["status_code", "body"])
            return Response(body, status=claimed.status_code)
    stored = StoredAnswer.objects.get(user=user, key=key)
    if stored.request_hash != fingerprint:
        return problem(422, "This Idempotency-Key was used for another request; choose a new one.")
    return Response(stored.body, status=stored.status_code, headers={"Idempotency-Replayed": "true"})


def _claim(user: User, key: str, fingerprint: str) -> StoredAnswer | None:
    """Take the key, or None when it is taken; somebody who takes it at this moment is waited for."""
    now = timezone.now()
    StoredAnswer.objects.filter(user=user, at__lt=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return StoredAnswer.objects.create(user=user, key=key, request_hash=fingerprint, at=now)
    except IntegrityError:
        return None


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return sha256(f"{request.method} {request.path}\n{body}".encode(errors="surrogatepass")).hexdigest()
