import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from orders.model import Line, Order
from orders.store import Store

ORDER = Order("Zoë", (Line("Schraube №5", 3, 25),), discount=5)


class StoreTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name) / "deep" / "orders.json"

    def test_numbers_orders_from_one(self):
        store = Store(self.path)
        self.assertEqual([store.add(ORDER), store.add(ORDER)], [1, 2])

    def test_a_new_store_on_the_same_file_has_the_orders(self):
        number = Store(self.path).add(ORDER)
        self.assertEqual(Store(self.path).get(number), ORDER)

    def test_knows_nothing_of_other_numbers(self):
        self.assertIsNone(Store(self.path).get(1))

    def test_a_failed_write_keeps_the_old_orders_and_no_litter(self):
        store = Store(self.path)
        store.add(ORDER)
        with mock.patch("os.replace", side_effect=OSError("disk")), self.assertRaises(OSError):
            store.add(ORDER)
        self.assertEqual(list(store.all()), [1])
        self.assertEqual(list(Store(self.path).all()), [1])
        self.assertEqual(os.listdir(self.path.parent), ["orders.json"])
