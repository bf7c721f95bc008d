"""What an order costs."""

from orders.model import Line, Order
from orders.money import percentage


def line_total(line: Line) -> int:
    """Cents for one line, before the order's own discount."""
    return line.quantity * line.price


def order_total(order: Order) -> int:
    """Cents for the whole order: its lines, less its own discount."""
    lines = sum(line_total(line) for line in order.lines)
    return lines - percentage(lines, order.discount)
