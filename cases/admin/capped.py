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
    most = MOST

    @cached_property
    def counted(self) -> int:
        return capped(self.object_list, most=self.most)

    @property
    def count(self) -> int:
        return min(self.counted, self.most)

    @property
    def has_more(self) -> bool:
        return self.counted > self.most

    @property
    def how_many(self) -> str:
        return in_words(self.counted, most=self.most)


class KeysFirst(FirstPages):
    """The same; which rows a page shows is found by `keys` alone, and what they show is asked
    of `rows`, which are not narrowed, for these keys only."""

    def __init__(self, *args, keys, rows, most=MOST, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys, self.rows, self.most = keys, rows, most

    @cached_property
    def counted(self) -> int:
        return capped(self.keys, most=self.most)

    def page(self, number):
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        keys = list(self.keys[bottom : min(bottom + self.per_page, self.count)])
        rows = self.rows.order_by().in_bulk(keys)
        return self._get_page([rows[key] for key in keys if key in rows], number, self)
