"""How a policy rounds: each names its own mode and places, and no helper rounds behind its back."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

Number = Decimal | Fraction | int
PENNY = 2


def exact(value: object) -> Fraction:
    """A figure as written ("576.92", 40, 15.86) without a loss. Raises ValueError for anything else."""
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is not a figure")
    return Fraction(str(value))


def half_up(value: Number, places: int = PENNY) -> Decimal:
    """Nearest, halves away from zero: what most payrolls do."""
    return _quantize(value, places, ROUND_HALF_UP)


def up(value: Number, places: int = PENNY) -> Decimal:
    """Towards the next larger figure: caps and floors in the worker's favour."""
    return _quantize(value, places, ROUND_CEILING)


def down(value: Number, places: int = PENNY) -> Decimal:
    """Cut off: benefits paid in whole units, daily rates kept to four places."""
    return _quantize(value, places, ROUND_DOWN)


def _quantize(value: Number, places: int, mode: str) -> Decimal:
    """Exact: thirds are kept as fractions until the one rounding."""
    fraction = Fraction(value)
    scaled = fraction * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    negative = scaled < 0
    if mode == ROUND_HALF_UP:
        whole += 2 * rest >= scaled.denominator
    elif mode == ROUND_CEILING:
        whole += bool(rest) and not negative
    return Decimal(-whole if negative else whole).scaleb(-places)
