"""办理: what people do, declared once in each room's `verbs.py` and performed here (docs/decisions/0220)."""
