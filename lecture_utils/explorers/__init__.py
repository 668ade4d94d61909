"""The lecture's ready-made explorers: choices → computed table → live picture and controls. Wiring only."""

from lecture_utils.explorers.activation import ActivationExplorer, activation_explorer
from lecture_utils.explorers.backprop import BackpropExplorer, backprop_explorer
from lecture_utils.explorers.deep import DeepNetworkExplorer, deep_network_explorer
from lecture_utils.explorers.descent import DescentExplorer, descent_explorer
from lecture_utils.explorers.minibatch import MinibatchExplorer, minibatch_explorer
from lecture_utils.explorers.saturation import SaturationExplorer, saturation_explorer
from lecture_utils.explorers.traversal import TraversalExplorer, traversal_explorer

__all__ = [
    "ActivationExplorer",
    "BackpropExplorer",
    "DeepNetworkExplorer",
    "DescentExplorer",
    "MinibatchExplorer",
    "SaturationExplorer",
    "TraversalExplorer",
    "activation_explorer",
    "backprop_explorer",
    "deep_network_explorer",
    "descent_explorer",
    "minibatch_explorer",
    "saturation_explorer",
    "traversal_explorer",
]
