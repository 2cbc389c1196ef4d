"""Readers of the reference sets' files: one entry a row, or the reason why a row gives none."""
