"""What must be true before the first case: every rule pack can be read."""

from django.core.checks import Error, register

from cases import rules


@register
def every_rule_pack_can_be_read(app_configs, **kwargs):
    try:
        rules.regimes()
    except rules.BadRules as error:
        return [Error(str(error), hint="docs/rules.md says how a rule pack is written.", id="cases.E001")]
    return []
