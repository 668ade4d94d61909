"""The lecture as offline slides: one self-contained file a notebook, whose explorers still work.

``python -m lecture_utils.slides`` builds them; the template that they share stands in ``lecture_utils/deck``.
"""
