"""Where ids of Slack's members lie, and how they move under the newest key; what was kept plain before is sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from notifications.messages import Channel
from notifications.models import Recipient
from notifications.sealing import PLAIN, SEALED, SealedAddressField, open_sealed, seal

_ROWS: Final = 2_000


@dataclass(slots=True)
class Rotation:
    """What became of one column: values already under the newest key, moved there, and those no key opens."""

    column: str
    current: int = 0
    moved: int = 0
    unreadable: int = 0

    def reseal(self, kept: str) -> str:
        """The text as it lies under the newest key, counted; one that no key opens stays as it is."""
        says = open_sealed(kept)
        fresh = seal(says or kept)
        if fresh != kept:
            self.moved += 1
        elif says:
            self.current += 1
        else:
            self.unreadable += 1
        return fresh


def sealed_columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column in which such ids lie."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedAddressField):
                yield model, field


def rotate_member_seals() -> list[Rotation]:
    """Seal every id anew that does not lie under the newest key; again changes nothing."""
    rotations = [
        _rotate(model, field, Q(stored__regex=f"({PLAIN})|({SEALED})")) for model, field in sealed_columns()
    ]
    return [*rotations, _rotate_reserves()]


def seal_what_is_plain() -> int:
    """Seal ids that were kept before ids were sealed; how many. Once it has run, it finds none."""
    rotations = [_rotate(model, field, Q(stored__regex=PLAIN)) for model, field in sealed_columns()]
    return sum(rotation.moved for rotation in rotations)


def _rotate(model: type[models.Model], field: Any, which: Q) -> Rotation:
    rotation, last = Rotation(f"{model._meta.label}.{field.name}"), 0
    column = Cast(field.name, models.TextField())
    while True:
        with transaction.atomic():
            held = model._default_manager.select_for_update().annotate(stored=column)
            rows = list(held.filter(which, pk__gt=last).order_by("pk").values_list("pk", "stored")[:_ROWS])
            for pk, kept in rows:
                fresh = rotation.reseal(kept)
                if fresh != kept:
                    model._default_manager.filter(pk=pk).update(**{field.name: fresh})
        if not rows:
            return rotation
        last = rows[-1][0]


def _rotate_reserves() -> Rotation:
    """Addresses that a notice keeps in reserve, in the row of its recipient."""
    rotation, last, name = Rotation(f"{Recipient._meta.label}.fallbacks"), 0, Channel.SLACK_DM.value
    while True:
        with transaction.atomic():
            held = Recipient.objects.select_for_update().filter(pk__gt=last, fallbacks__has_key=name)
            rows = list(held.order_by("pk").values_list("pk", "fallbacks")[:_ROWS])
            for pk, reserve in rows:
                kept = reserve[name]
                reserve[name] = rotation.reseal(kept)
                if reserve[name] != kept:
                    Recipient.objects.filter(pk=pk).update(fallbacks=reserve)
        if not rows:
            return rotation
        last = rows[-1][0]
