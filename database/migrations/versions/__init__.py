"""One module a step, named by its id and what it does."""
