"""What must be true before the first case: every rule pack can be read, and so can the playbook."""

from django.conf import settings
from django.core.checks import Error, register

from cases import playbook, rules


@register
def every_rule_pack_can_be_read(app_configs, **kwargs):
    try:
        rules.regimes()
    except rules.BadRules as error:
        return [Error(str(error), hint="docs/rules.md says how a rule pack is written.", id="cases.E001")]
    return []


@register
def the_playbook_can_be_read(app_configs, **kwargs):
    faults = []
    for language, _ in settings.LANGUAGES:
        try:
            playbook.starter(language)
        except playbook.BadPlaybook as error:
            faults.append(Error(str(error), hint="docs/playbook.md says how it is written.", id="cases.E002"))
    return faults
