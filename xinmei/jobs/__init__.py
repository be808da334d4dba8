"""Background work (后台任务): a ledger of jobs, the worker that runs them, and the rules by which they come due.

It knows the rooms by name only: each room brings its handlers and rules in a module `jobs.py` of its own.
"""
