"""What is done to a comment on its platform: answered, let through, deleted. The rows; the calls are `collectors`'."""
