"""审核限时: how long a check and a signature may take at a unit, and who is reminded."""
