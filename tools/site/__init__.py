"""The lecture as a web edition: a static site in both languages for any host, which opens from a folder, too.

``python -m tools.site`` builds it; what it shares with the slides stands in ``tools/web``.
"""
