"""两本账: the registers kept elsewhere, read from their exports and matched with ours. Pure: no database, no clock.

`rules.py` how other systems write things · `reading.py` an export as rows · `pairing.py` which row is which account ·
`nearness.py` what looks alike · `comparing.py` the differences.
"""
