"""Readers of formats other than PDF, one module each; ``scmine.extractors.reading`` chooses."""
