"""Rules that a record is held against, each with a reason, a source and a severity."""
