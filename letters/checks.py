"""What must be true before the first letter: every font that letters need is on this machine, and the rules speak of
letters and statements that there are."""

from django.core.checks import Error, Warning, register

from cases import rules
from letters import render
from letters.review import statements


@register(deploy=True)
def every_font_is_here(app_configs, **kwargs):
    return [
        Warning(problem, hint="Install the packages named in packages.txt.", id="letters.W001")
        for problem in render.check_fonts()
    ]


@register
def every_rule_pack_speaks_of_letters_that_there_are(app_configs, **kwargs):
    try:
        packs = [pack for versions in rules.regimes().values() for pack in versions]
    except rules.BadRules:
        return []  # the check of the rules themselves says so
    return [Error(problem, id="letters.E001") for problem in filter(None, map(_unknown, packs))]


def _unknown(pack):
    try:
        statements.check(pack)
    except statements.UnknownStatement as error:
        return str(error)
    return None
