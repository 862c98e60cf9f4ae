"""f32 that is rounded after every step: two low-pass filters in a row.

The filters keep their numbers in an array of single precision, which is how Python rounds to it.
"""

from array import array

SIZE = 70_000
SMALL = 1_500


def run(n: int) -> float:
    """Filter ``n`` samples and return the sum of the result."""
    fast, slow = array("f", [0.3, 0.1])
    state = array("f", [0.0, 0.0])
    step = array("f", [0.0])
    total = 0.0
    for i in range(n):
        step[0] = (i * 37) % 256 - 128 - state[0]
        step[0] *= fast
        state[0] += step[0]
        step[0] = state[0] - state[1]
        step[0] *= slow
        state[1] += step[0]
        total += state[1]
    return total
