"""存档: what an account had published, exported before it is closed, sealed by its digest."""
