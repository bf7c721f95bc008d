"""Prices one order after the other, as a test that takes its time.

Every line is numbered, and a nonce stands on top: a second start would show as a second nonce, lost or repeated output as a
gap in the numbers.
"""

import random
import secrets
import sys
import time

from orders.model import Line, Order
from orders.money import written
from orders.pricing import order_total

LAST = 120
PAUSE = 0.08


def main():
    print("nonce", secrets.token_hex(8), flush=True)
    for number in range(1, LAST + 1):
        order = some_order(number)
        total, full = order_total(order), sum(line.quantity * line.price for line in order.lines)
        print(f"order {number} of {LAST}: {written(total)}", flush=True)
        if not 0 <= total <= full:
            sys.exit(f"a total of {written(total)} for articles worth {written(full)}")
        time.sleep(PAUSE)


def some_order(seed):
    """Always the same order for the same seed."""
    draw = random.Random(seed)
    lines = tuple(
        Line(f"article {index}", draw.randint(1, 50), draw.randint(0, 5_000)) for index in range(draw.randint(1, 5))
    )
    return Order("somebody", lines, draw.choice((0, 0, 5, 10)))


if __name__ == "__main__":
    main()
