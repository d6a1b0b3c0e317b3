"""The table of a run: what went wrong how often, and what came of it."""

FAULT = "fault"  # under this name a test's report carries its row, also from the processes of xdist
HEADS = ("fault", "injected", "lost", "doubled", "missed", "unknown", "settled")


def counted(found) -> tuple[int, int]:
    """How many letters were unknown at any time, and how many of them the archive proved sent."""
    return len(found.unknown) + len(found.settled), len(found.settled)


def row(name, injected, found, *, before) -> list:
    """What a fault left behind; of the letters that are unknown, those that were not so before."""
    new = [now - then for now, then in zip(counted(found), before, strict=True)]
    return [name, injected, len(found.lost), len(found.doubled), len(found.missed), *new]


def lines(rows):
    """The rows under their heads, each column as wide as its widest entry, and their sums."""
    sums = ["all of them", *(sum(column) for column in list(zip(*rows, strict=True))[1:])]
    table = [[str(cell) for cell in entry] for entry in (HEADS, *rows, sums)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *counts in table:
        numbers = (count.rjust(width) for count, width in zip(counts, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *numbers])


def pytest_terminal_summary(terminalreporter):
    reports = [report for outcome in terminalreporter.stats.values() for report in outcome]
    rows = [value for report in reports for key, value in getattr(report, "user_properties", ()) if key == FAULT]
    if rows:
        terminalreporter.section("faults")
        for line in lines({row[0]: row for row in rows}.values()):
            terminalreporter.write_line(line)
