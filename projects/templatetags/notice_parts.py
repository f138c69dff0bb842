"""Marks the parts of a notice's one source text, so that each channel can lay them out in its own way."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()

# Separators of ASCII's own kind; they are taken out of everything a person typed before it gets here.
HEADING = "\x1d"
BODY = "\x1e"
END = "\x1f"


class SectionNode(template.Node):
    """A heading and what stands under it; nothing at all when the body is blank."""

    def __init__(self, heading: FilterExpression, nodelist: NodeList) -> None:
        self.heading = heading
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        """Return the marked part."""
        body = self.nodelist.render(context).strip()
        return f"{HEADING}{self.heading.resolve(context)}{BODY}{body}{END}" if body else ""


@register.tag("section")
def section(parser: Parser, token: Token) -> SectionNode:
    """`{% section _("What stops?") %} … {% endsection %}`."""
    heading = parser.compile_filter(token.split_contents()[1])
    nodelist = parser.parse(("endsection",))
    parser.delete_first_token()
    return SectionNode(heading, nodelist)
