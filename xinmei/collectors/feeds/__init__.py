"""RSS and Atom: reads the feeds of accounts over HTTP, and stores each look with what was seen in it."""
