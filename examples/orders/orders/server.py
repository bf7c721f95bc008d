"""The HTTP interface: `GET /orders`, `POST /orders`, `GET /orders/NUMBER`. Speaks JSON, also when it refuses."""

import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from orders.model import Invalid, document_of, order_from
from orders.money import written
from orders.pricing import line_total, order_total
from orders.store import Store

MAX_BODY = 256 * 1024


class Refused(Exception):
    """A request that gets an error for its answer."""

    def __init__(self, status: HTTPStatus, message: str):
        super().__init__(message)
        self.status = status


def make_server(store: Store, host: str = "127.0.0.1", port: int = 8080) -> ThreadingHTTPServer:
    """A server that listens at once and answers as soon as `serve_forever` runs; port 0 picks a free one."""

    class Handler(_Handler):
        orders = store

    return ThreadingHTTPServer((host, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    orders: Store
    timeout = 10

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def _get(self):
        if self.path == "/orders":
            return HTTPStatus.OK, [_shown(number, order) for number, order in self.orders.all().items()]
        match = re.fullmatch(r"/orders/([1-9][0-9]{0,9})", self.path)
        order = self.orders.get(int(match[1])) if match else None
        if order is None:
            raise Refused(HTTPStatus.NOT_FOUND, f"nothing is at {self.path}")
        return HTTPStatus.OK, _shown(int(match[1]), order)

    def _post(self):
        if self.path != "/orders":
            raise Refused(HTTPStatus.NOT_FOUND, f"nothing can be posted to {self.path}")
        order = order_from(self._body())
        return HTTPStatus.CREATED, _shown(self.orders.add(order), order)

    def _body(self):
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "say the body's length")
        if int(length) > MAX_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MAX_BODY} bytes")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None

    def _answer(self, action):
        try:
            status, document = action()
        except Invalid as refusal:
            status, document = HTTPStatus.BAD_REQUEST, {"error": str(refusal)}
        except Refused as refusal:
            status, document = refusal.status, {"error": str(refusal)}
        body = json.dumps(document, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Says nothing: what is worth knowing is in the answer."""


def _shown(number, order):
    total = order_total(order)
    return {
        "number": number,
        **document_of(order),
        "lineTotals": [line_total(line) for line in order.lines],
        "total": total,
        "totalWritten": written(total),
    }
