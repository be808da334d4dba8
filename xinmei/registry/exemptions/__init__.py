"""例外: where the city office allows a unit more than one account on a platform, and until when."""
