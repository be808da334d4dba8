"""Pages that read several rooms: the desk of each post, accounts, units, search, import, checking a draft."""
