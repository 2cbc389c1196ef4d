"""Crawls: new and changed papers from arXiv and other sources, fetched with manners and ingested.

``paper`` has what a source lists, ``source`` what a source is, ``web`` the one way out to the
network. What a crawl has seen and done lives in ``scmine.database.crawl``.
"""
