"""系统: backups and their rehearsals, and what is set. For the system administrator, who sees no business: only when, how large, how many rows."""
