"""Requests and answers about who is asking, and about their tokens."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.models import Scope, TokenGrant
from contractorhub.api.strict import Number, Text
from projects.models.people import Role

MAX_DAYS: Final = 365
DEFAULT_DAYS: Final = 90


class MeOut(serializers.Serializer[Any]):
    """Who is asking, and what they are here."""

    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    is_lead = serializers.BooleanField()
    contractor = serializers.UUIDField(
        allow_null=True, help_text="The contractor's `public_id`, if you are one."
    )
    signed_in_by = serializers.ChoiceField(choices=[("session", "session"), ("token", "token")])
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))


class TokenIn(serializers.Serializer[Any]):
    """A token to make."""

    name = Text(max_length=100, help_text="What it is for, such as `Payroll export`.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), min_length=1, max_length=len(Scope)
    )
    expires_in_days = Number(min_value=1, max_value=MAX_DAYS, default=DEFAULT_DAYS)


class TokenOut(serializers.ModelSerializer[TokenGrant]):
    """A token as a list tells of it; the token itself cannot be read again."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    created_at = serializers.DateTimeField(source="token.created")
    expires_at = serializers.DateTimeField(source="token.expiry")

    class Meta:
        model = TokenGrant
        fields = ["public_id", "name", "scopes", "created_at", "expires_at", "last_used_at"]


class NewTokenOut(TokenOut):
    """A token just made: the one time it is told."""

    token = serializers.SerializerMethodField()

    class Meta(TokenOut.Meta):
        fields = [*TokenOut.Meta.fields, "token"]

    def get_token(self, row: TokenGrant) -> str:
        """The token, for `Authorization: Bearer`."""
        return str(self.context["token"])
