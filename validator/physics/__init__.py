"""Formulas of the critical temperature, their ranges of validity and their inverses."""
