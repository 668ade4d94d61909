"""The lecture's ready-made explorers: choices → computed table → live picture and controls. Wiring only."""

from lecture_utils.explorers.descent import DescentExplorer, descent_explorer

__all__ = ["DescentExplorer", "descent_explorer"]
