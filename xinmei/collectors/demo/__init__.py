"""The made city: an exchange bundle of a whole city's year, the same bytes for the same seed, moment and size.

city.py       units, their staff, who logs in
register.py   accounts, with the faults of a register
plan.py       who is silent, who is blind, which posts and messages carry a fault
posts.py · messages.py · looks.py   what an account published, was asked, and how it was seen
bundle.py     write_demo_bundle: all of it, as files of the exchange format
life.py       the inspections and decisions of that year, once it is imported
desks.py      what people did beside, by acts: filings.py, keeping.py (custody, cases, sources), writing.py (drafts)
texts.yaml    every sentence that is published, asked or answered
"""

from xinmei.collectors.demo.bundle import write_demo_bundle

__all__ = ["write_demo_bundle"]
