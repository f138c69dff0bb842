"""How a contractor is told of things: a way for each kind of news and channel, quiet hours, one message a day."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contractorhub.portal.choosing import BriefSelect
from notifications.messages import Channel
from notifications.preferences import Category, QuietHours, Way
from projects.queries.own_preferences import OwnPreferences

LABELS = {
    (Category.CRITICAL, Channel.EMAIL): gettext_lazy("When work stops or goes on: by email"),
    (Category.CRITICAL, Channel.SLACK_DM): gettext_lazy("When work stops or goes on: by Slack message"),
    (Category.UPDATE, Channel.EMAIL): gettext_lazy("Other news: by email"),
    (Category.UPDATE, Channel.SLACK_DM): gettext_lazy("Other news: by Slack message"),
}
WAYS = {
    Way.ALWAYS: gettext_lazy("At once"),
    Way.IF_NEEDED: gettext_lazy("Only if the other way fails, or I have not looked"),
    Way.NEVER: gettext_lazy("Never"),
}


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


class TellingForm(forms.Form):
    """One choice a kind of news and channel that reaches the person; where only one channel does, fewer choices."""

    def __init__(self, *args: Any, standing: OwnPreferences, **options: Any) -> None:
        """Offer what is possible, beginning with what holds."""
        super().__init__(*args, **options)
        self.standing = standing
        for choice in standing.choices:
            for channel in standing.channels:
                self._add_way(choice.category, channel, choice.ways[channel])
        quiet = standing.quiet_hours
        self.fields["quiet_from"] = _time(gettext_lazy("Quiet from"))
        self.fields["quiet_until"] = _time(
            gettext_lazy("Quiet until"),
            gettext_lazy(
                "Other news waits until the quiet hours end. News that work stops or goes on does not."
            ),
        )
        self.fields["digest_at"] = _time(
            gettext_lazy("Other news in one message a day, at"),
            gettext_lazy("Leave it empty to hear of each thing as it comes."),
        )
        self.initial["quiet_from"] = quiet.starts_at if quiet else None
        self.initial["quiet_until"] = quiet.ends_at if quiet else None
        self.initial["digest_at"] = standing.digest_at

    def _add_way(self, category: Category, channel: Channel, way: Way) -> None:
        is_only_channel = len(self.standing.channels) == 1
        if is_only_channel and category == Category.CRITICAL:
            return  # there is nothing to choose: this news always comes
        ways = [one for one in Way if not (is_only_channel and one == Way.IF_NEEDED)]
        name = _name(category, channel)
        self.fields[name] = forms.ChoiceField(
            label=LABELS[category, channel],
            choices=[(one.value, WAYS[one]) for one in ways],
            widget=BriefSelect,
        )
        self.initial[name] = way.value

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or neither."""
        typed: dict[str, Any] = super().clean() or {}
        if "quiet_from" in typed and "quiet_until" in typed:
            is_half = (typed["quiet_from"] is None) != (typed["quiet_until"] is None)
            if is_half:
                self.add_error("quiet_until", _("Give both times, or neither."))
        return typed

    def ways(self) -> dict[tuple[Category, Channel], Way]:
        """What was chosen, for each kind of news and channel that was shown."""
        return {
            (choice.category, channel): Way(self.cleaned_data[_name(choice.category, channel)])
            for choice in self.standing.choices
            for channel in self.standing.channels
            if _name(choice.category, channel) in self.cleaned_data
        }

    def quiet_hours(self) -> QuietHours | None:
        """The hours of quiet, if there are any."""
        starts_at: time | None = self.cleaned_data["quiet_from"]
        ends_at: time | None = self.cleaned_data["quiet_until"]
        return QuietHours(starts_at, ends_at) if starts_at is not None and ends_at is not None else None


def _name(category: Category, channel: Channel) -> str:
    return f"{category.value}_{channel.value}"
