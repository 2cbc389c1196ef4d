"""The PDF reader: from glyphs on pages to a document. ``reader.read_pdf`` is the way in."""
