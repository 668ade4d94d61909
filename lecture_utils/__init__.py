"""What the lecture's notebooks stand on: data, descent, drawing and live pictures.

Import from the rooms themselves, for example ``from lecture_utils.descent import gradient_descent``.
"""
