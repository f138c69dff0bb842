"""How costs grow with the size of the firm: the exponent, and a line a job."""

from collections.abc import Mapping, Sequence

import numpy as np

Costs = Mapping[str, float]
"""`seconds`, `cpu` and `database_cpu` of one job."""


def exponent(sizes: Sequence[int], amounts: Sequence[float]) -> float:
    """The b of `amount = a * size ** b`, by least squares on logarithms: 0 stands still, 1 grows with the size."""
    slope, _ = np.polyfit(np.log(sizes), np.log(np.maximum(amounts, 1e-6)), 1)
    return float(slope)


def told(name: str, costs: Mapping[int, Costs]) -> str:
    """One line a job: its cost at each size, and how it grows by the clock and by the processor."""
    parts = [
        f"{size:>9,}: {each['seconds']:9.3f} s ({each['cpu']:.3f} + {each['database_cpu']:.3f} CPU)"
        for size, each in costs.items()
    ]
    if len(costs) > 1:
        sizes = list(costs)
        by_clock = exponent(sizes, [each["seconds"] for each in costs.values()])
        parts.append(f"grows by {by_clock:.2f} ({exponent(sizes, used(costs)):.2f} CPU)")
    return f"{name:<32} " + "; ".join(parts)


def used(costs: Mapping[int, Costs]) -> list[float]:
    """Processor seconds at each size, of the product and its database together."""
    return [each["cpu"] + each["database_cpu"] for each in costs.values()]
