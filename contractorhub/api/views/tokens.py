"""Tokens: a signed-in person makes, lists and revokes their own."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples
from contractorhub.api.errors import Conflict
from contractorhub.api.models import TokenGrant
from contractorhub.api.permissions import IsSession
from contractorhub.api.serializers.askers import NewTokenOut, TokenIn, TokenOut
from contractorhub.api.tokens import MOST_TOKENS, TooManyTokens, make_token, revoke_token
from contractorhub.api.views.base import asker
from contractorhub.second_factor import has_proved_twice


class TokenList(ListAPIView[Any]):
    """Your tokens, newest first."""

    serializer_class = TokenOut
    permission_classes = [IsAuthenticated, IsSession]
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The asker's own tokens."""
        return TokenGrant.objects.filter(token__user=self.request.user.pk).select_related("token")

    @extend_schema(request=TokenIn, responses={201: NewTokenOut}, examples=[examples.TOKEN])
    def post(self, request: Request) -> Response:
        """Make a token; it is told in this answer only."""
        form = TokenIn(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        try:
            grant, token = make_token(
                user=asker(request),
                name=asked["name"],
                scopes=asked["scopes"],
                days=asked["expires_in_days"],
                at=timezone.now(),
                has_second_factor=has_proved_twice(request._request),
            )
        except TooManyTokens as error:
            raise Conflict(f"You have {MOST_TOKENS} living tokens; revoke one first.") from error
        return Response(NewTokenOut(grant, context={"token": token}).data, status=201)


class TokenDetail(APIView):
    """One of your tokens."""

    permission_classes = [IsAuthenticated, IsSession]

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, public_id: Any) -> Response:
        """Revoke it: from now on it opens nothing."""
        mine = TokenGrant.objects.filter(token__user=asker(request)).select_related("token")
        revoke_token(get_object_or_404(mine, public_id=public_id), by=asker(request), at=timezone.now())
        return Response(status=204)
