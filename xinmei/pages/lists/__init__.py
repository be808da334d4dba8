"""Lists as pages: filters in the address, sort, paging, and the same rows as .xlsx.

What every room's lists are made of; it knows no room.
"""

from xinmei.pages.lists.export import write_xlsx
from xinmei.pages.lists.listing import MOST_FOUND, Column, Filter, Listing

__all__ = ["MOST_FOUND", "Column", "Filter", "Listing", "write_xlsx"]
