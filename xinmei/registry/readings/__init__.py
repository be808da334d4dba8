"""解释口径: which reading of an unclear sentence is in force since when; changed by two persons, a dated row each."""
