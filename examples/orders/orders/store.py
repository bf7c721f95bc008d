"""Orders in one JSON file. A reader sees the old file or the new one, never half of one."""

import json
import os
import tempfile
import threading
from pathlib import Path

from orders.model import Order, document_of, order_from


class Store:
    """Keeps orders by number, from 1. Safe for the threads of one process."""

    def __init__(self, path: Path):
        self._path = Path(path)
        self._lock = threading.Lock()
        self._orders = {}
        if self._path.exists():
            documents = json.loads(self._path.read_text(encoding="utf-8"))
            self._orders = {int(number): order_from(document) for number, document in documents.items()}

    def add(self, order: Order) -> int:
        """Keeps the order, on disk when this returns, and says its number."""
        with self._lock:
            number = max(self._orders, default=0) + 1
            self._write({**self._orders, number: order})
            self._orders[number] = order
            return number

    def get(self, number: int) -> Order | None:
        with self._lock:
            return self._orders.get(number)

    def all(self) -> dict[int, Order]:
        with self._lock:
            return dict(self._orders)

    def _write(self, orders):
        self._path.parent.mkdir(parents=True, exist_ok=True)
        documents = {str(number): document_of(order) for number, order in orders.items()}
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(documents, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except BaseException:
            os.unlink(temporary)
            raise
