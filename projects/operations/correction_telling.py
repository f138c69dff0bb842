"""Tells the leads that a correction was asked for, and the contractor what was answered."""

from datetime import datetime

from notifications import outbox
from notifications.messages import Channel, Recipient
from projects.models import Contractor, Correction, User
from projects.notices import correction_message
from projects.queries.recipients import people_recipients


def tell_leads_of(*, correction: Correction, at: datetime) -> None:
    """Stage the notice that a correction waits, for the people who lead the project."""
    message = correction_message(template="correction_asked", correction=correction, locales={"en"}, at=at)
    leads = User.objects.filter(led_projects=correction.engagement.project_id, is_active=True).order_by("pk")
    recipients = [
        Recipient(
            key=f"user:{lead.pk}",
            name=lead.name or lead.email,
            locale="en",
            time_zone="UTC",
            addresses={Channel.EMAIL: lead.email},
            fields={"name": lead.get_short_name()},
        )
        for lead in leads
    ]
    outbox.stage(message, recipients=recipients, at=at)
    outbox.ring_after_commit()


def tell_contractor_of(*, correction: Correction, at: datetime) -> None:
    """Stage the notice of the answer for the person who asked."""
    contractor = Contractor.objects.filter(pk=correction.contractor_id)
    message = correction_message(
        template="correction_answered", correction=correction, locales={correction.contractor.locale}, at=at
    )
    outbox.stage(message, recipients=people_recipients(contractor, {}), at=at)
    outbox.ring_after_commit()
