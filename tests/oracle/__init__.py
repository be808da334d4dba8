"""What acts.md says, written a second time and apart from the product: plain Python, no Django, nothing from xinmei.

`Oracle` takes a town (the CSV files) and acts (lines of `do --jsonl`) and says how each must be answered. `walks` makes
random walks, `players` plays them on a product, `differences` names what the product says otherwise.
"""
