"""系统: backups and their rehearsals, and the settings.

They are for the system administrator, who sees no business: only when, how large, how many rows.
"""
