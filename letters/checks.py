"""What must be true before the first letter: every font that letters need is on this machine, and the rules speak of
letters and statements that there are."""

from django.core.checks import Error, Warning, register

from cases import rules
from letters import render
from letters.review import amounts, statements


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
    problems = [problem for pack in packs for problem in (_unknown(pack), *_never_read(pack)) if problem]
    return [Error(problem, id="letters.E001") for problem in problems]


def _never_read(pack):
    """A limit in a currency that no language of ours names would never be reached."""
    for currency in sorted(set(pack.second_person_above) - amounts.currencies()):
        yield (
            f"The rule pack “{pack.regime}” asks for a second person above an amount in {currency}, which no letter "
            f"can name; add it to the currencies of each language's review.yaml."
        )


def _unknown(pack):
    try:
        statements.check(pack)
    except statements.UnknownStatement as error:
        return str(error)
    return None
