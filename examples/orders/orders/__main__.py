"""`python3 -m orders [FILE [PORT]]` serves the orders in FILE."""

import sys

from orders.server import make_server
from orders.store import Store

if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "data/orders.json"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8080
    with make_server(Store(path), port=port) as server:
        print(f"orders: http://127.0.0.1:{server.server_port}/orders", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
