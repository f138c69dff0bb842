"""Secrets lie encrypted in the database and move under a new key without ever being unreadable."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from encrypted_fields.fields import EncryptedFieldMixin

from contractorhub.field_keys import EncryptedSeeds, encrypted_columns
from notifications.models import Workspace
from tests.factories import UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
TOKEN = "xoxb-a-token-nobody-else-may-read"


@pytest.fixture
def keys(settings: Any) -> Iterator[Callable[..., None]]:
    """Set the keys as a restart with other variables would: nothing that was derived from the old ones stays."""

    def set_keys(*values: str) -> None:
        settings.SALT_KEY = list(values)
        for _model, field in encrypted_columns():
            for derived in ("keys", "f"):
                field.__dict__.pop(derived, None)

    yield set_keys
    for _model, field in encrypted_columns():
        for derived in ("keys", "f"):
            field.__dict__.pop(derived, None)


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT bot_token FROM {Workspace._meta.db_table}")
        (value,) = cursor.fetchone()
    return str(value)


def test_a_new_key_takes_over_and_the_old_one_can_be_thrown_away(keys: Callable[..., None]) -> None:
    keys("old")
    Workspace.objects.create(team_id="T1", name="One", installed_at=NOW, bot_token=TOKEN)
    before = stored()
    assert TOKEN not in before

    keys("new", "old")
    assert Workspace.objects.get().bot_token == TOKEN
    call_command("rotate_field_keys")
    assert stored() != before

    keys("new")
    assert Workspace.objects.get().bot_token == TOKEN
    rotated = stored()
    call_command("rotate_field_keys")
    assert stored() == rotated


def test_a_value_that_no_key_opens_is_told_and_left_alone(keys: Callable[..., None]) -> None:
    keys("lost")
    Workspace.objects.create(team_id="T1", name="One", installed_at=NOW, bot_token=TOKEN)
    before = stored()
    keys("new")

    with pytest.raises(CommandError, match="1 values open under none of the keys"):
        call_command("rotate_field_keys")

    assert stored() == before


def test_the_seed_of_a_second_factor_lies_encrypted_and_moves_under_the_new_key(
    keys: Callable[..., None],
) -> None:
    user = UserFactory.make()
    keys("old")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(user).generate_codes()
    assert "JBSWY3DPEHPK3PXP" not in str(list(Authenticator.objects.values_list("data", flat=True)))

    keys("new", "old")
    call_command("rotate_field_keys")
    keys("new")

    app, sheet = Authenticator.objects.order_by("pk")
    assert TOTP(app).validate_code(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", _now())))
    assert RecoveryCodes(sheet).generate_codes() == codes
    keys("lost")
    with pytest.raises(CommandError, match="2 values open under none of the keys"):
        call_command("rotate_field_keys")


def test_a_seed_kept_before_seeds_were_sealed_still_opens_the_desk_and_is_sealed_when_keys_move() -> None:
    user = UserFactory.make()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    Authenticator.objects.update(data={"secret": "JBSWY3DPEHPK3PXP"})
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", _now()))

    assert TOTP(Authenticator.objects.get()).validate_code(code)
    call_command("rotate_field_keys")

    kept = Authenticator.objects.get()
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    assert EncryptedSeeds().decrypt(kept.data["secret"]) == "JBSWY3DPEHPK3PXP"


def _now() -> int:
    return int(next(iter(yield_hotp_counters_from_time())))


def test_every_encrypted_column_is_one_the_rotation_knows() -> None:
    known = {f"{model._meta.label}.{field.name}" for model, field in encrypted_columns()}
    assert "notifications.Workspace.bot_token" in known
    assert all(isinstance(field, EncryptedFieldMixin) for _model, field in encrypted_columns())
