"""What must be true before the first letter: every font that letters need is on this machine."""

from django.core.checks import Warning, register

from letters import render


@register(deploy=True)
def every_font_is_here(app_configs, **kwargs):
    return [
        Warning(problem, hint="Install the packages named in packages.txt.", id="letters.W001")
        for problem in render.check_fonts()
    ]
