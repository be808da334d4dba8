"""The pages of §十: the week's round, the findings, what could not be seen."""
