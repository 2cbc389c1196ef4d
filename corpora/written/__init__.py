"""Known structures written as papers state them, so that what is read back can be held against them.

Wording and layouts are the project's own; nothing here reads papers or rebuilds structures.
"""
