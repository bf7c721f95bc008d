import unittest

from orders.model import Invalid, Line, document_of, order_from

DOCUMENT = {
    "customer": "Ada",
    "discount": 5,
    "lines": [{"article": "bolt", "quantity": 3, "price": 25}],
}


class ModelTest(unittest.TestCase):
    def test_reads_what_it_writes(self):
        self.assertEqual(document_of(order_from(DOCUMENT)), DOCUMENT)

    def test_discount_may_be_left_out(self):
        document = {name: value for name, value in DOCUMENT.items() if name != "discount"}
        self.assertEqual(order_from(document).discount, 0)

    def test_refuses_what_no_order_can_have(self):
        for change in (
            {"customer": " "},
            {"customer": 7},
            {"discount": 101},
            {"discount": 2.5},
            {"discount": True},
            {"lines": []},
            {"lines": "bolt"},
            {"lines": [{"article": "bolt", "quantity": 0, "price": 1}]},
            {"lines": [{"article": "bolt", "quantity": 1, "price": -1}]},
            {"lines": [{"article": "bolt", "quantity": 1}]},
            {"unknown": 1},
        ):
            with self.subTest(**change), self.assertRaises(Invalid):
                order_from({**DOCUMENT, **change})

    def test_names_the_value_it_refuses(self):
        with self.assertRaisesRegex(Invalid, "quantity must be a whole number from 1 .* not '3'"):
            Line("bolt", "3", 1)
