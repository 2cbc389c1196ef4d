"""Crystal structures rebuilt from what papers state, with a verdict on each."""
