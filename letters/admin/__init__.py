"""Where letters are read, edited and issued, and where people decide about deliveries."""

from . import delivery, letter, paper, signature, template  # noqa: F401  (each registers its pages)
