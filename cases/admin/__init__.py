"""Where staff work: the board, the worklist, a page per case with its verbs, customers and staff."""

from . import case, customer, days_off, followup, organisation, pages, playbook, readings, staff, team  # noqa: F401  (each registers its pages)
