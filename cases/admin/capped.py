"""Counting up to a number beyond which the exact one is no news, so that no count walks through everything."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


def capped(rows, *, most=MOST) -> int:
    """How many `rows` there are; `most` + 1 where there are more."""
    return rows.order_by()[: most + 1].count()


def in_words(count, *, most=MOST) -> str:
    return f"{most:,}+" if count > most else f"{count:,}"


class FirstPages(Paginator):
    """The first 10,000 rows in pages. What comes after them is found by narrowing the list, or from its other end."""

    template_name = "admin/desk/pages.html"

    @cached_property
    def counted(self) -> int:
        return capped(self.object_list)

    @property
    def count(self) -> int:
        return min(self.counted, MOST)

    @property
    def has_more(self) -> bool:
        return self.counted > MOST

    @property
    def how_many(self) -> str:
        return in_words(self.counted)


class KeysFirst(FirstPages):
    """The same; which rows a page shows is found by `keys` alone, and what they show is asked for these rows only."""

    def __init__(self, *args, keys, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = keys

    @cached_property
    def counted(self) -> int:
        return capped(self.keys)

    def page(self, number):
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        keys = list(self.keys[bottom : min(bottom + self.per_page, self.count)])
        rows = self.object_list.order_by().in_bulk(keys)
        return self._get_page([rows[key] for key in keys if key in rows], number, self)
