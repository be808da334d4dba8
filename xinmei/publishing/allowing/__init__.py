"""不再提示: what an office has looked at, and does not want the screening to show again.

At one unit or everywhere, from a day, until a day.
"""
