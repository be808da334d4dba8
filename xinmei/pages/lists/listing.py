"""One list: its columns, its filters, and what the address asks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from xinmei.pages.lists.export import Cell, write_xlsx

PER_PAGE = 50
MOST_EXPORTED = 20_000
MOST_FOUND = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Column:
    """`value(row)` is what the workbook holds, and the page too where no `template` (given `row` and `value`) draws the
    cell.

    `sort`: the field or annotation to order by ("": not sortable). `wide`: takes the whole width of a card on a phone.
    """

    key: str
    title: str
    value: Callable[[Any], Cell]
    template: str = ""
    sort: str = ""
    number: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Filter:
    """One filter of the address: `apply(rows, value)` narrows the rows; a value that is none of the choices is ignored.

    `choices` empty: free text. `chips`: drawn as a row of links, each with its own meaning, instead of a drop-down.
    `most`: it leaves the newest so many rows at most, and the page says so. `offers`: words to pick from while one
    types. `understand(text)` turns what was written into the value, or raises ValueError with a Chinese sentence, which
    the page says; `say(value)` is the value in words.
    """

    key: str
    title: str
    apply: Callable[[Rows, str], Rows]
    choices: Sequence[tuple[str, str]] = ()
    chips: bool = False
    most: int = 0
    offers: Sequence[str] = ()
    understand: Callable[[str], str] | None = None
    say: Callable[[str], str] = str

    def read(self, request: HttpRequest) -> str:
        """The value that the address gives ("": none)."""
        value = request.GET.get(self.key, "").strip()
        return value if value in dict(self.choices) or not self.choices else ""


@dataclass(frozen=True)
class Drawn:
    """A cell ready for the page."""

    column: Column
    value: Cell


class _Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list that is counted no further than it can be exported: nobody reads on page 400, and counting a
    million rows takes its time.

    The numbers of the rows of a page come first and alone: a database sorts those of a long list far faster than whole
    rows with their texts.
    """

    @cached_property
    def count(self) -> int:
        return _count(self.object_list)

    def _get_page(self, rows: Any, *rest: Any) -> Page[Any]:
        if rows.query.values_select:  # rows of sums: they have no number of their own
            return Page(rows, *rest)
        numbers = list(rows.values_list("pk", flat=True))
        every: Any = self.object_list
        return Page(every.filter(pk__in=numbers), *rest)


def _count(rows: Any) -> int:
    return int(rows.order_by()[: MOST_EXPORTED + 1].count())


def _say(count: int, counter: str) -> str:
    return f"{count} {counter}" if count <= MOST_EXPORTED else f"{MOST_EXPORTED} {counter}以上"


class Listing:
    """A list as the address asks for it.

    `rows` are those that the person may see, so `total` is the number of what exists for that person.

    `decorate(rows)` adds to the rows of one page (or one batch of an export) what would cost a query each; it returns
    the rows to draw. `counter`: the word that its rows are counted with. `selectable`: rows carry a box with their
    number (`ids`), for an act on several at once.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Rows,
        *,
        title: str,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        order: Sequence[str] = ("pk",),
        decorate: Callable[[list[Any]], Iterable[Any]] = list,
        selectable: bool = False,
        empty: str = "",
        counter: str = "条",
    ) -> None:
        self.request, self.all, self.title, self.columns, self.filters = request, rows, title, columns, filters
        self.decorate, self.selectable, self.order, self.why_empty, self.counter = (
            decorate,
            selectable,
            list(order),
            empty,
            counter,
        )
        self.chosen = {one.key: one.read(request) for one in filters}
        self.written = dict(self.chosen)
        self.refused = ""
        self._understand()
        self.sort = request.GET.get("sort", "")

    def _understand(self) -> None:
        """What was written in words becomes a value. What is not understood leaves no rows, and the page says why."""
        for one in self.filters:
            if one.understand and self.chosen[one.key]:
                try:
                    self.chosen[one.key] = one.understand(self.chosen[one.key])
                    self.written[one.key] = one.say(self.chosen[one.key])
                except ValueError as error:
                    self.refused = f"{one.title}：{error}"

    @cached_property
    def filtered(self) -> Rows:
        """The rows that the filters leave, in the order asked for."""
        rows = self.all.none() if self.refused else self.all
        for one in () if self.refused else self.filters:
            if self.chosen[one.key]:
                rows = one.apply(rows, self.chosen[one.key])
        wanted = next(
            (column.sort for column in self.columns if column.sort and column.key == self.sort.lstrip("-")), ""
        )
        if wanted:
            by = F(wanted).desc(nulls_last=True) if self.sort.startswith("-") else F(wanted).asc(nulls_last=True)
            return rows.order_by(by, *self.order)
        return rows.order_by(*self.order)

    @cached_property
    def page(self) -> Page[Any]:
        """The page that the address asks for; the last one where it asks for more than there are."""
        return _Pages(self.filtered, PER_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def total(self) -> int:
        """How many rows there are without filters; like `count` no further than one more than can be exported."""
        return _count(self.all) if self.is_filtered else self.count

    @property
    def count(self) -> int:
        """How many rows the filters leave."""
        return int(self.page.paginator.count)

    @property
    def most(self) -> int:
        """Where a filter left only the newest rows: how many (0: all are there)."""
        return next((one.most for one in self.filters if self.chosen[one.key] and self.count == one.most), 0)

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.chosen.values())

    @cached_property
    def drawn(self) -> list[tuple[Any, list[Drawn]]]:
        """Each row of the page with its cells."""
        return [
            (row, [Drawn(column, column.value(row)) for column in self.columns])
            for row in self.decorate(list(self.page.object_list))
        ]

    @property
    def all_chosen(self) -> bool:
        """Whether the address asks for all check boxes to be set."""
        return self.selectable and self.request.GET.get("chosen") == "all"

    @property
    def says_total(self) -> str:
        """`total`, as far as it was counted."""
        return _say(self.total, self.counter)

    @property
    def says_count(self) -> str:
        """`count`, as far as it was counted."""
        return _say(self.count, self.counter)

    @property
    def is_exportable(self) -> bool:
        """Whether all of it fits into one workbook that is made while the person waits."""
        return 0 < self.count <= MOST_EXPORTED

    @property
    def bars(self) -> list[tuple[Filter, str]]:
        """The filters drawn as fields, with their values."""
        return [(one, self.written[one.key]) for one in self.filters if not one.chips]

    @property
    def chips(self) -> list[tuple[Filter, str]]:
        """The filters drawn as links, with their values."""
        return [(one, self.chosen[one.key]) for one in self.filters if one.chips]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form of filters must carry along: the sort and the chips."""
        kept = [(one.key, value) for one, value in self.chips if value]
        return [*kept, ("sort", self.sort)] if self.sort else kept

    def _exported(self) -> Iterator[list[Cell]]:
        batch = []
        for row in self.filtered.iterator(chunk_size=500):
            batch.append(row)
            if len(batch) == 500:
                yield from ([column.value(one) for column in self.columns] for one in self.decorate(batch))
                batch = []
        yield from ([column.value(one) for column in self.columns] for one in self.decorate(batch))

    def respond(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """The page, or exactly its rows as .xlsx where the address says `export=xlsx`."""
        if self.request.GET.get("export") == "xlsx" and self.is_exportable:
            content = write_xlsx(self.title, [column.title for column in self.columns], self._exported())
            name = quote(f"{self.title}.xlsx")
            return HttpResponse(
                content, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
            )
        return render(self.request, template, {"listing": self, **(context or {})})
