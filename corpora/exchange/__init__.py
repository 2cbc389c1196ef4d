"""Exchange with annotation tools: one module a format, all from and to ``annotated``."""
