"""The board's charts: where each bar and line lies, and the table that says the same. The server draws them (in
templates/admin/board/); nothing runs in the browser. Bars and lines are per cents of their field, words stand beside
it: so they stay readable on a phone."""

from datetime import date

from cases import rules
from cases.models import RootCause
from cases.stages import Stage

STEPS = 4  # of the scale beside the weeks
LABELS = 6  # below them, at most about so many


def charts(figures, seen) -> dict:
    """What the templates draw out of the kept `figures`; `seen` makes the addresses of the lists behind them."""
    numbers = figures.numbers
    return {
        "weeks": weeks(numbers["weeks"]),
        "stages": stages(numbers["stages"], seen),
        "on_time": on_time(numbers["on_time"]),
        "causes": causes(numbers["causes"], seen, since=numbers["since"]),
        "stays": stays(numbers["stays"]),
        "one_in": numbers["one_in"],
    }


def weeks(numbers) -> dict:
    """A bar for what was received in each week, and a line through what was closed."""
    scale = scaled(max((max(came, went) for _, came, went in numbers), default=0))
    every = -(-len(numbers) // LABELS)
    rows = []
    for place, (monday, came, went) in enumerate(numbers):
        shown = (len(numbers) - 1 - place) % every == 0
        height = _percent(came, scale[0])
        rows.append(
            {
                "monday": date.fromisoformat(monday),
                "received": came,
                "closed": went,
                "labelled": shown,
                "left": place * 10 + 2,
                "middle": place * 10 + 5,
                "height": height,
                "top": 100 - height,
                "line": 100 - _percent(went, scale[0]),
            }
        )
    return {
        "rows": rows,
        "width": len(rows) * 10,
        "scale": scale,
        "points": " ".join(f"{row['middle']},{row['line']}" for row in rows),
        "received": sum(row["received"] for row in rows),
        "closed": sum(row["closed"] for row in rows),
    }


def scaled(most) -> list[int]:
    """The numbers beside the weeks from above to 0, in even steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while step * STEPS < most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return [step * number for number in range(STEPS, -1, -1)]


def stages(numbers, seen) -> dict:
    most = max((number for _, number in numbers), default=0)
    rows = [
        {
            "label": Stage(stage).label,
            "number": number,
            "width": _percent(number, most),
            "href": seen.listed("case", list="open", stage__exact=stage),
        }
        for stage, number in numbers
    ]
    return {"rows": rows, "number": sum(number for _, number in numbers)}


def on_time(numbers) -> dict:
    """The share done in time of each step; whose rules it is, where there are others than the house's."""
    several = {row["regime"] for row in numbers} - {rules.HOUSE}
    rows = [
        row
        | {
            "number": row["in_time"] + row["late"],
            "width": _percent(row["in_time"], row["in_time"] + row["late"]),
            "whose": _called(row["regime"]) if several else "",
        }
        for row in numbers
    ]
    return {"rows": rows}


def _called(regime) -> str:
    known = rules.regimes().get(regime)
    return known[-1].name if known else regime


def causes(numbers, seen, *, since) -> dict:
    """The causes with the most frequent first, each with its share and that of all down to it."""
    named = [(cause, number) for cause, number in numbers if cause]
    total, so_far, rows = sum(number for _, number in named), 0, []
    for cause, number in named:
        before, so_far = so_far or number, so_far + number  # the line begins where the first bar ends
        rows.append(
            {
                "label": RootCause(cause).label if cause in RootCause.values else cause,
                "number": number,
                "width": _percent(number, total),
                "before": _percent(before, total),
                "so_far": _percent(so_far, total),
                "href": seen.listed("case", list="all", root_cause__exact=cause, received_on__gte=since),
            }
        )
    return {"rows": rows, "number": total, "unnamed": dict(map(tuple, numbers)).get("", 0)}


def stays(numbers) -> dict:
    most = max((median for _, _, median in numbers if median is not None), default=0)
    rows = [
        {
            "label": Stage(stage).label,
            "number": number,
            "median": median,
            "days": "–" if median is None else f"{median:g}",
            "width": _percent(median or 0, most),
        }
        for stage, number, median in numbers
    ]
    return {"rows": rows, "number": sum(number for _, number, _ in numbers)}


def _percent(part, whole) -> float:
    return round(100 * part / whole, 1) if whole else 0
