"""The live picture: a figure that is a function of a few finite choices, all of them computed up front.

matplotlib draws what does not move; live.js looks up and draws what does, without asking the kernel.
"""

from lecture_utils._live.marks import Caption, Curve, Image, Label, Rows
from lecture_utils._live.motion import Form, Motion, Number
from lecture_utils._live.picture import LivePicture

__all__ = ["Caption", "Curve", "Form", "Image", "Label", "LivePicture", "Motion", "Number", "Rows"]
