"""Phrases to avoid, at the fields whose words reach customers: marked while somebody types (see avoid.js)."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_safe

from cases.playbook import house_language
from letters.review import in_browser


def mind(form, languages, *names):
    """What is typed into these fields of `form` is read with the lists of `languages`."""
    for name in names:
        form.fields[name].widget.attrs["data-avoid-language"] = " ".join(dict.fromkeys(languages))


def spoken_with(case) -> tuple[str, str]:
    """The languages in which somebody may write down what a customer is to hear: theirs, and ours."""
    return case.language, house_language()


@require_safe
def phrases_view(request, language):
    """The list of `language`, for avoid.js."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    answer = JsonResponse(in_browser.phrases(language))
    answer["Cache-Control"] = "private, max-age=600"
    return answer
