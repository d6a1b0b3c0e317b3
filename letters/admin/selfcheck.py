"""What the house lacks, on one page: each thing with what happens because of it and the door to where it is mended."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import rights
from casetracker import clock
from letters import selfcheck


@require_safe
def selfcheck_page(request):
    if not rights.may_see_set_up(request.user):
        raise PermissionDenied
    subjects = [
        (one.subject, [(lack, _door(lack)) for lack in one.lacks])
        for one in selfcheck.look(at=clock.now(), on=clock.today())
    ]
    lacks = [lack for _, found in subjects for lack, _ in found]
    context = {
        "title": "Self-check",
        "subjects": subjects,
        "in_order": [subject for subject, found in subjects if not found],
        "stopping": sum(lack.stops_work for lack in lacks),
        "lacking": len(lacks),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/letters/selfcheck.html", admin.site.each_context(request) | context)


def _door(lack) -> str:
    return lack.door and reverse(f"admin:{lack.door}", args=[] if lack.of is None else [lack.of])
