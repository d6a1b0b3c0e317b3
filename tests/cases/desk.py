"""Working at the desk through its pages: where they are, and what they say."""

from django.urls import reverse

from cases.models import Case

WORKLIST = reverse("admin:cases_case_changelist")


def page(case):
    return reverse("admin:cases_case_change", args=[case.pk])


def address(case, verb, about=None):
    if about is None:
        return reverse("admin:cases_case_verb", args=[case.pk, verb])
    return reverse("admin:cases_case_verb_about", args=[case.pk, verb, about.pk])


def do(desk, case, verb, about=None, **fields):
    """Carry out a verb; it must have gone through. Returns the page that it leads to."""
    fields.setdefault("stage", Case.objects.get(pk=case.pk).stage)
    answer = desk.post(address(case, verb, about), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def record(desk, **changes):
    """Send the form that records a complaint: Ruth called on Monday."""
    typed = {
        "channel": "phone",
        "received_on": "2026-11-09",
        "language": "en",
        "story": "The new fridge hums.",
        "wanted": "Quiet.",
        "name": "Ruth Okafor",
        "email": "ruth@example.org",
        "submission_key": "0b9f1c5e-7d0a-4f7e-8b8e-0a8f6f0d2b11",
    }
    return desk.post(reverse("admin:cases_case_add"), typed | changes)


def promise(row, what, owner, due_on):
    """The fields of one row of commitments."""
    fields = {"what": what, "owner": owner.pk if owner else "", "due_on": f"{due_on}" if due_on else ""}
    return {f"promise-{row}-{name}": value for name, value in fields.items()}


def shown(answer) -> str:
    return answer.content.decode()
