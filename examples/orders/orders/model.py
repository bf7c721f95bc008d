"""What an order is. Whatever is made here is valid: a bad value is refused with a sentence that names it."""

from dataclasses import dataclass

MAX_LINES = 1_000
MAX_QUANTITY = 1_000_000
MAX_PRICE = 100_000_000


class Invalid(ValueError):
    """A value that no order can have."""


@dataclass(frozen=True)
class Line:
    """Some pieces of one article at one price."""

    article: str
    quantity: int
    price: int

    def __post_init__(self):
        _text("article", self.article)
        _number("quantity", self.quantity, 1, MAX_QUANTITY)
        _number("price", self.price, 0, MAX_PRICE)


@dataclass(frozen=True)
class Order:
    """What one customer buys at once; `discount` is a percentage off the whole."""

    customer: str
    lines: tuple[Line, ...]
    discount: int = 0

    def __post_init__(self):
        _text("customer", self.customer)
        _number("discount", self.discount, 0, 100)
        if not 1 <= len(self.lines) <= MAX_LINES:
            raise Invalid(f"an order has 1 to {MAX_LINES} lines, not {len(self.lines)}")


def order_from(document) -> Order:
    """The order that a decoded JSON document describes."""
    fields = _object("an order", document, {"customer", "lines"}, {"discount"})
    if not isinstance(fields["lines"], list):
        raise Invalid("lines must be a list")
    lines = tuple(
        Line(**_object("a line", line, {"article", "quantity", "price"}, set()))
        for line in fields["lines"]
    )
    return Order(fields["customer"], lines, fields.get("discount", 0))


def document_of(order: Order) -> dict:
    """The inverse of `order_from`."""
    return {
        "customer": order.customer,
        "discount": order.discount,
        "lines": [
            {"article": line.article, "quantity": line.quantity, "price": line.price}
            for line in order.lines
        ],
    }


def _object(what, value, needed, optional):
    if not isinstance(value, dict):
        raise Invalid(f"{what} must be an object")
    missing = sorted(needed - value.keys())
    unknown = sorted(value.keys() - needed - optional)
    if missing or unknown:
        raise Invalid(f"{what} lacks {missing} and has unknown {unknown}")
    return value


def _text(name, value):
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise Invalid(f"{name} must be a text of 1 to 200 characters")


def _number(name, value, least, most):
    if type(value) is not int or not least <= value <= most:
        raise Invalid(f"{name} must be a whole number from {least} to {most}, not {value!r}")
