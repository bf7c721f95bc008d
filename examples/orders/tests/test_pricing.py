import unittest

from orders.model import Line, Order
from orders.money import percentage, written
from orders.pricing import line_total, order_total


class MoneyTest(unittest.TestCase):
    def test_rounds_half_up(self):
        for cents, percent, expected in ((5, 10, 1), (4, 10, 0), (15, 10, 2), (25, 10, 3), (0, 50, 0)):
            with self.subTest(cents=cents, percent=percent):
                self.assertEqual(percentage(cents, percent), expected)

    def test_writes_amounts(self):
        for cents, expected in ((0, "0.00"), (5, "0.05"), (123456, "1,234.56"), (-199, "-1.99")):
            with self.subTest(cents=cents):
                self.assertEqual(written(cents), expected)


class PricingTest(unittest.TestCase):
    def test_a_line_costs_quantity_times_price(self):
        self.assertEqual(line_total(Line("bolt", 3, 25)), 75)

    def test_an_order_costs_the_sum_of_its_lines(self):
        order = Order("Ada", (Line("bolt", 3, 25), Line("nut", 2, 10)))
        self.assertEqual(order_total(order), 95)

    def test_the_order_discount_is_taken_off_the_sum(self):
        order = Order("Ada", (Line("bolt", 3, 25), Line("nut", 2, 10)), discount=10)
        self.assertEqual(order_total(order), 85)

    def test_a_full_discount_leaves_nothing_to_pay(self):
        self.assertEqual(order_total(Order("Ada", (Line("bolt", 3, 25),), discount=100)), 0)
