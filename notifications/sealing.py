"""Keeps ids of Slack's members sealed in their columns; the same id seals to the same text, so it is still found."""

import base64
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact, In
from encrypted_fields.fields import EncryptedTextField

PLAIN: Final = r"^([T][A-Z0-9]{1,19}/)?[UW][A-Z0-9]{1,19}$"
"""A member of Slack, of the default workspace or of one that is named; databases read this expression too."""
SEALED: Final = r"^([T][A-Z0-9]{1,19}/)?~[A-Za-z0-9_-]{20,60}$"
"""The same sealed: the workspace stays readable, for the lane of a message is named by it."""
_PLAIN, _SEALED = re.compile(PLAIN, re.ASCII), re.compile(SEALED, re.ASCII)
_MARK: Final = "~"
_PURPOSE: Final = b"contractorhub: ids of Slack's members"


def seal(address: str) -> str:
    """The address as it is kept: a member's id under the newest key, anything else (a channel, a mail) as it is."""
    return _seal(address, _ciphers()[0]) if _PLAIN.match(address) else address


def unseal(kept: str) -> str:
    """The address as it is used, whichever key it lies under; what was never sealed, or no key opens, as it is."""
    return open_sealed(kept) or kept


def open_sealed(kept: str) -> str:
    """What a sealed address says; "" for one that no key opens, and for what is not sealed."""
    if _MARK not in kept or not _SEALED.match(kept):
        return ""
    workspace, _mark, token = kept.partition(_MARK)
    for cipher in _ciphers():
        try:
            # A text whose last character says more than its bytes is not what we wrote.
            member = cipher.decrypt(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), None)
        except (InvalidTag, ValueError):
            continue
        return workspace + member.decode()
    return ""


def forms_of(address: str) -> Sequence[str]:
    """Every text under which an address may stand in its column: sealed under each key, and plain from before."""
    if not _PLAIN.match(address):
        return [address]
    return [*(_seal(address, cipher) for cipher in _ciphers()), address]


def _seal(address: str, cipher: AESSIV) -> str:
    workspace, slash, member = address.rpartition("/")
    token = base64.urlsafe_b64encode(cipher.encrypt(member.encode(), None)).decode().rstrip("=")
    return f"{workspace}{slash}{_MARK}{token}"


def _ciphers() -> Sequence[AESSIV]:
    """One a key of the encrypted columns, newest first."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _ciphers_of(secrets, tuple(settings.SALT_KEY))


@cache
def _ciphers_of(_secrets: tuple[str, ...], _salts: tuple[str, ...]) -> Sequence[AESSIV]:
    """Reckoned once for the keys as they are; the field's library stretches them, which takes a while."""
    keys: list[bytes] = EncryptedTextField().keys
    return [AESSIV(HKDF(SHA256(), length=64, salt=None, info=_PURPOSE).derive(key)) for key in keys]


class SealedAddressField(models.CharField):  # type: ignore[type-arg]
    """A text column in which ids of Slack's members lie sealed and everything else as it is.

    Asked whether it equals an address, it compares with every form the address may have. AES-SIV is deterministic: who
    reads the table sees which rows name the same member, as an index beside it would show too, and not which member.
    """

    def get_prep_value(self, value: Any) -> Any:
        """As it is kept."""
        said = super().get_prep_value(value)
        return seal(said) if isinstance(said, str) else said

    def from_db_value(self, value: Any, *_about: Any) -> Any:
        """As it is used."""
        return unseal(value) if isinstance(value, str) else value


class SealedTextField(EncryptedTextField):  # type: ignore[misc]  # the field's library has no types
    """A text that lies encrypted; an empty one stays empty, where the library would keep no value."""

    def get_prep_value(self, value: Any) -> Any:
        """As it is kept."""
        return "" if value == "" else super().get_prep_value(value)


@SealedAddressField.register_lookup
class AnyFormIn(In):
    """Whether a column holds one of some addresses, in whichever form."""

    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        """The forms of each address; a subquery compares columns with columns."""
        if self.rhs_is_direct_value():
            self.rhs = [form for one in self.rhs if one is not None for form in forms_of(str(one))]
        return super().get_prep_lookup()


@SealedAddressField.register_lookup
class AnyFormExact(Exact):
    """Whether a column holds an address, in whichever form."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """One comparison with each form; with another column one as it stands."""
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        return compiler.compile(AnyFormIn(self.lhs, [unseal(str(self.rhs))]))
