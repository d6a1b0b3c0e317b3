from django.conf import settings


def languages():
    """The languages that letters are written in: a new one is new files (docs/letters.md), and changes no row."""
    return settings.LANGUAGES
