"""Pages of signing in, of one's own log-in, and of the event log."""
