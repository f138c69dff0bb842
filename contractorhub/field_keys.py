"""What lies encrypted, columns and seeds of second factors: under which key, and how it moves under the newest."""

from collections.abc import Iterator
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast
from encrypted_fields.fields import EncryptedFieldMixin

from contractorhub.member_seals import Rotation, rotate_member_seals

_ROWS = 500
_SEEDS: Final = ("secret", "seed")
"""What an app or a sheet of recovery codes is reckoned from; of a passkey only its public half is kept."""
_SEALED: Final = "gAAAA"
"""How every sealed value begins (Fernet's version, and the time until far off); no seed, base32 or hex, begins so."""


def encrypted_columns() -> Iterator[tuple[type[models.Model], Any]]:  # the field's library has no types
    """Every encrypted field of every model that has a table."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedFieldMixin):
                yield model, field


def rotate_field_keys() -> list[Rotation]:
    """Encrypt every value anew that does not lie under the newest key; what no key opens stays as it is."""
    columns = [_rotate(model, field) for model, field in encrypted_columns()]
    return [*columns, _rotate_seeds(), *rotate_member_seals()]


class EncryptedSeeds(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps what second factors are reckoned from under the keys of the columns: a stolen copy opens no desk."""

    def encrypt(self, text: str) -> str:
        """Under the newest key."""
        sealed: bytes = _keys().f.encrypt(text.encode())
        return sealed.decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under whichever key it lies; one kept before seeds were sealed is as it is until the keys move next.

        Raises InvalidToken for a sealed one that no key opens.
        """
        if not encrypted_text.startswith(_SEALED):
            return encrypted_text
        opened: bytes = _keys().f.decrypt(encrypted_text.encode())
        return opened.decode()


def _keys() -> Any:
    """The keys as the columns reckon them, once a process."""
    return next(encrypted_columns())[1]


def _rotate_seeds() -> Rotation:
    rotation, newest = Rotation(f"{Authenticator._meta.label}.data"), Fernet(_keys().keys[0])
    for row in Authenticator.objects.order_by("pk").iterator(chunk_size=_ROWS):
        with transaction.atomic():
            held = Authenticator.objects.select_for_update().get(pk=row.pk)
            for name in set(_SEEDS) & set(held.data):
                held.data[name] = _moved(held.data[name], newest, rotation)
            held.save(update_fields=["data"])
    return rotation


def _moved(sealed: str, newest: Fernet, rotation: Rotation) -> str:
    if not sealed.startswith(_SEALED):
        rotation.moved += 1
        return newest.encrypt(sealed.encode()).decode()
    try:
        newest.decrypt(sealed.encode())
    except InvalidToken:
        try:
            opened: bytes = _keys().f.decrypt(sealed.encode())
        except InvalidToken:
            rotation.unreadable += 1
            return sealed
        rotation.moved += 1
        return newest.encrypt(opened).decode()
    rotation.current += 1
    return sealed


def _rotate(model: type[models.Model], field: Any) -> Rotation:
    rotation = Rotation(f"{model._meta.label}.{field.name}")
    newest = Fernet(field.keys[0])
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                model._default_manager.select_for_update()
                .annotate(stored=Cast(field.name, models.TextField()))
                .filter(pk__gt=last, stored__gt="")
                .order_by("pk")[:_ROWS]
            )
            for row in rows:
                _move(row, field, newest, rotation)
        if not rows:
            return rotation
        last = rows[-1].pk


def _move(row: Any, field: Any, newest: Fernet, rotation: Rotation) -> None:
    try:
        newest.decrypt(row.stored.encode())
    except InvalidToken:
        says = getattr(row, field.attname)
        if says == row.stored and row.stored.startswith(_SEALED):  # the field hands back what no key opens
            rotation.unreadable += 1
            return
        type(row)._default_manager.filter(pk=row.pk).update(**{field.name: says})
        rotation.moved += 1
    else:
        rotation.current += 1
