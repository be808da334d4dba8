"""Pages of the screening."""
