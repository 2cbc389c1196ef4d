"""Known structures written as papers state them, to hold what is read back against them.

Wording and layouts are the project's own; nothing here reads papers or rebuilds structures.
"""
