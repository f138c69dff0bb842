"""Makes users, contractors and roles."""

import factory

from projects.models import Contractor, RoleGrant, User
from projects.models.people import Role
from tests.factories.base import NOW, RowFactory

PASSWORD = "correct horse battery staple"


class UserFactory(RowFactory[User]):
    """Somebody who signs in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@firm.example")
    name = factory.Sequence(lambda n: f"User {n}")
    password = factory.django.Password(PASSWORD)


class RoleGrantFactory(RowFactory[RoleGrant]):
    """One firm-wide role; finance unless said otherwise."""

    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.FINANCE
    granted_at = NOW


class ContractorFactory(RowFactory[Contractor]):
    """Somebody in Manila, reachable by email and Slack, without a login."""

    class Meta:
        model = Contractor

    name = factory.Sequence(lambda n: f"Contractor {n}")
    email = factory.Sequence(lambda n: f"contractor{n}@people.example")
    slack_user_id = factory.Sequence(lambda n: f"U{n:07d}")
    country = "PH"
    time_zone = "Asia/Manila"
