import json
import tempfile
import threading
import unittest
from http.client import HTTPConnection
from pathlib import Path

from orders.server import MAX_BODY, make_server
from orders.store import Store

ORDER = {"customer": "Zoë", "discount": 10, "lines": [{"article": "bolt", "quantity": 3, "price": 25}]}


class ServerTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        server = make_server(Store(Path(directory.name) / "orders.json"), port=0)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.port = server.server_port

    def ask(self, method, path, body=None, headers={}):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def test_takes_an_order_and_says_what_it_costs(self):
        status, order = self.ask("POST", "/orders", json.dumps(ORDER))
        self.assertEqual(status, 201)
        self.assertEqual((order["number"], order["lineTotals"], order["total"]), (1, [75], 67))
        self.assertEqual(self.ask("GET", "/orders/1"), (200, order))
        self.assertEqual(self.ask("GET", "/orders"), (200, [order]))

    def test_refuses_with_a_reason(self):
        for expected, method, path, body, headers in (
            (400, "POST", "/orders", "{", {}),
            (400, "POST", "/orders", "[" * 100_000, {}),
            (400, "POST", "/orders", json.dumps({**ORDER, "discount": 101}), {}),
            (404, "POST", "/elsewhere", "{}", {}),
            (404, "GET", "/orders/1", None, {}),
            (404, "GET", "/orders/../secret", None, {}),
            (413, "POST", "/orders", None, {"Content-Length": str(MAX_BODY + 1)}),
            (411, "POST", "/orders", None, {"Content-Length": "-1"}),
        ):
            with self.subTest(path=path, expected=expected):
                status, document = self.ask(method, path, body, headers)
                self.assertEqual(status, expected)
                self.assertTrue(document["error"])
