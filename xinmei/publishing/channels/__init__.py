"""The way out to the platforms: their interfaces, one publisher a platform, and what became of each draft there."""
