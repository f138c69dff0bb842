"""Sessions in the database as Django keeps them, looked up by a prepared question: every page begins with it."""

from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from projects.prepared import Prepared, Slot

_LIVING: Final = Prepared(
    lambda: Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """Django's own store, which reads and writes the same rows."""

    def _get_session_from_db(self) -> Any:
        """The row of a session that has not expired; the key of any other is dropped, so that it is never taken up."""
        rows = _LIVING.instances(key=self.session_key, now=timezone.now())
        if not rows:
            self._session_key = None
            return None
        return rows[0]
