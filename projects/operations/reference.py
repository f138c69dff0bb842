"""The policy of reference pay that a run is made under, and what it says beside each of its estimates."""

from typing import Any

from projects.impact.inputs import PersonInputs
from projects.impact.policies.of_estimate import reference_of_estimate
from projects.impact.policies.reference import ReferencePay, ReferenceTerms
from projects.impact.results import EngagementEstimate
from projects.models import Client, EstimateRun, Pause


def policy_of(pause: Pause) -> dict[str, Any]:
    """The policy agreed with the client of a pause, read anew, as a run keeps it."""
    own = {"projects": pause.project_id} if pause.project_id is not None else {"pk": pause.client_id}
    client = Client.objects.get(**own)
    return {
        "policy": client.pay_policy,
        "guaranteed_share_bp": client.guaranteed_share_bp,
        "monthly_cap_minor": client.monthly_cap_minor,
        "monthly_cap_currency": client.monthly_cap_currency,
    }


def mark_of_policy(run: EstimateRun) -> str:
    """Reference pay is kept with an estimate, so another policy is another input."""
    cap = f"{run.monthly_cap_minor}{run.monthly_cap_currency}"
    return f"|{run.policy}|{run.guaranteed_share_bp}|{cap}"


def reference_of(run: EstimateRun, estimate: EngagementEstimate, person: PersonInputs) -> ReferencePay | None:
    """What the policy of the run says of the days of an estimate; None where it has no answer."""
    if not run.policy:
        return None
    terms = ReferenceTerms(run.policy, run.guaranteed_share_bp, run.monthly_cap_minor)
    return reference_of_estimate(estimate, person, terms, cap_currency=run.monthly_cap_currency)
