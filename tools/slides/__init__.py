"""The lecture as offline slides: one self-contained file a notebook, whose explorers still work.

``python -m tools.slides`` builds them; the template that they share stands in ``lecture_utils/deck``.
"""
