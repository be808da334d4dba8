"""两本账: what the national and provincial systems and the platforms have, held against the register."""
