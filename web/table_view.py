"""A view of the records table as its address has it: order, columns, page, and links to others."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import QueryParams

from scmine.web.record_columns import DEFAULT, SORTED_BY, TableColumn, chosen
from scmine.web.record_query import Pairs, RecordQuery

PATH = "/records"

DEFAULT_SORT = "tc_K"


@dataclass(frozen=True, slots=True)
class TableView:
    """What is shown: the filter, the order, the names of the columns, and the page's cursor."""

    query: RecordQuery
    sort: str
    descending: bool
    columns: tuple[str, ...]
    cursor: str | None

    @property
    def kept(self) -> Pairs:
        """Order and columns where they are not the usual ones, as an address has them."""
        return (*self._order, *self._columns)

    @property
    def without_columns(self) -> Pairs:
        """All of the address but the columns."""
        return (*self._filter, *self._order)

    @property
    def without_sort(self) -> Pairs:
        """All of the address but the order."""
        return (*self._filter, *self._columns)

    @property
    def _filter(self) -> Pairs:
        return [(name, value) for name, values in self.query.values.items() for value in values]

    @property
    def _order(self) -> Pairs:
        if (self.sort, self.descending) == (DEFAULT_SORT, True):
            return ()
        return (("sort", self.sort), ("order", "desc" if self.descending else "asc"))

    @property
    def _columns(self) -> Pairs:
        if self.columns == DEFAULT:
            return ()
        return [("column", name) for name in self.columns]

    def address(self, changes: dict[str, object] | None = None) -> str:
        """This view with some values of the filter changed, on its first page."""
        return self.query.address(PATH, changes, self.kept)

    def sorted_by(self, column: TableColumn) -> str:
        """This view sorted by a column, names from A on and numbers from the highest down; the
        other way round if it is so already."""
        begins_low = column.name in {"formula", "path"}
        turned = not self.descending if column.sort == self.sort else not begins_low
        order = "desc" if turned else "asc"
        return self.query.address(
            PATH, None, (("sort", column.sort), ("order", order), *self._columns)
        )

    def after(self, cursor: str) -> str:
        """The page that ``cursor`` leads to."""
        return self.query.address(PATH, None, (*self.kept, ("after", cursor)))

    @property
    def default_columns(self) -> str:
        """This view with the usual columns."""
        return self.query.address(PATH, None, self._order)

    @property
    def facets(self) -> str:
        """The counts beside this view."""
        return self.query.address(f"{PATH}/facets", None, self.kept)

    @property
    def with_facets(self) -> str:
        """This view with the counts in the page, for browsers without scripts."""
        return self.query.address(PATH, None, (*self.kept, ("facets", "1")))

    @property
    def csv(self) -> str:
        """All records of this view as CSV."""
        return self.query.address(f"{PATH}.csv", None, self.kept)

    @property
    def jsonl(self) -> str:
        """All records of this view as JSON lines."""
        return self.query.address(f"{PATH}.jsonl", None, self.kept)

    @property
    def plots(self) -> str:
        """The plots of these records."""
        return self.query.address("/plots")


def read_view(query: RecordQuery, parameters: QueryParams) -> TableView:
    """The view that an address asks for; names that are none are passed over."""
    sort = parameters.get("sort", DEFAULT_SORT)
    columns = tuple(c.name for c in chosen(parameters.getlist("column")))
    return TableView(
        query=query,
        sort=sort if sort in SORTED_BY.values() else DEFAULT_SORT,
        descending=parameters.get("order", "desc") != "asc",
        columns=columns,
        cursor=parameters.get("after"),
    )
