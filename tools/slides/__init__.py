"""The lecture as offline slides: one self-contained file a notebook, whose explorers still work.

``python -m tools.slides`` builds them; the template that they share stands in ``deck``,
and what they share with the web edition in ``tools.web``.
"""
