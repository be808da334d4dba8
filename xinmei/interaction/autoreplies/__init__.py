"""自动回复: what an account answers by itself, listed and looked through. It never counts as an answer."""
