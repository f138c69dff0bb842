"""Makes clients, projects, engagements, rates and open seats."""

from datetime import date

import factory

from projects.models import Client, Engagement, OpenSeat, Project, Rate
from projects.models.work import PayBasis
from tests.factories.base import TODAY, RowFactory
from tests.factories.people import ContractorFactory

LONG_AGO = date(2024, 1, 1)


class ClientFactory(RowFactory[Client]):
    """A client with a code of its own."""

    class Meta:
        model = Client

    code = factory.Sequence(lambda n: f"CLIENT{n}")
    name = factory.Sequence(lambda n: f"Client {n}")


class ProjectFactory(RowFactory[Project]):
    """A running project of a client of its own, in UTC; pass `leads=[user]` to name its leads."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    code = factory.Sequence(lambda n: f"PROJECT{n}")
    name = factory.Sequence(lambda n: f"Project {n}")
    slack_channel = factory.Sequence(lambda n: f"C{n:07d}")
    time_zone = "UTC"

    @factory.post_generation
    def leads(self, create: bool, extracted: object, **_: object) -> None:
        """Name the leads that were passed."""
        if create and extracted:
            self.leads.set(extracted)


class EngagementFactory(RowFactory[Engagement]):
    """A term since 2024 without an end; it has no rate until one is made."""

    class Meta:
        model = Engagement

    contractor = factory.SubFactory(ContractorFactory)
    project = factory.SubFactory(ProjectFactory)
    starts_on = LONG_AGO
    ends_on = None


class RateFactory(RowFactory[Rate]):
    """20 US dollars an hour from the first day of the term, 40 hours agreed."""

    class Meta:
        model = Rate

    engagement = factory.SubFactory(EngagementFactory)
    starts_on = factory.LazyAttribute(lambda rate: rate.engagement.starts_on)
    basis = PayBasis.HOUR
    amount_millionths = 20_000_000
    currency = "USD"
    contracted_weekly_seconds = 144_000


class OpenSeatFactory(RowFactory[OpenSeat]):
    """Two open seats at 20 US dollars an hour."""

    class Meta:
        model = OpenSeat

    project = factory.SubFactory(ProjectFactory)
    title = "Annotator"
    seats = 2
    amount_millionths = 20_000_000
    currency = "USD"
    opened_on = TODAY
