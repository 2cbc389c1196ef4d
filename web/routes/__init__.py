"""The routes: one module for each kind of page, each with a ``router``."""
