"""Types of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Indices = NDArray[np.signedinteger[Any]]
"""Numbers of origins or sinks, of as few bits as they need."""
Booleans = NDArray[np.bool_]
