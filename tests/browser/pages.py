"""Looking at a page as a stranger would: does it fit the window, can everybody use it, what does it look like?"""

from axe_playwright_python.sync_playwright import Axe

from .conftest import PICTURES

AXE = Axe()
SERIOUS = ("serious", "critical")
WIDTHS = {"desktop": 1440, "tablet": 1024, "phone": 390}


def barriers(page) -> list[str]:
    """What axe finds serious on the page: the rule, why, and where."""
    found = AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url}: {one['id']} ({one['impact']}): {node['target'][0]}: {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def overhang(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def pictured(page, name, width, theme):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)
