"""Corrections of records turned into training examples.

``judgement`` is what goes in, ``places`` finds where a record's values are printed, ``deriving``
makes the example, ``stored`` reads a database, ``training`` hands examples to the trainers.
"""
