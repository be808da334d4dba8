"""What is done to an account itself: its contact kept up to date, what has befallen it, told at once."""
