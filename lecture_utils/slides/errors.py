"""What can go wrong while slides are built."""


class SlidesError(Exception):
    """A reason why there are no slides, in one line that says what to do."""
