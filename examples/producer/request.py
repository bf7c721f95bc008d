#!/usr/bin/python3
"""Asks Airlock for a change by a record on Kafka, and waits for the verdict.

    request.py BOOTSTRAP WORKSPACE TASK [--id ID] [--for waiting|ended] [--timeout SECONDS]

Prints the verdict as JSON. Exit code: 0 it came (with --for ended: promoted), 1 another outcome, 2 it did not come in time.
Asking again with the same id is the same request: nothing happens twice. Needs a plain Kafka client: python3-kafka of Debian,
or kafka-python of PyPI.
"""
import argparse
import json
import sys
import time
import uuid

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

SOURCE = "https://example.org/producer"  # whoever asks; with the id it names the request


def arguments():
    parser = argparse.ArgumentParser(description="Ask Airlock for a change, and wait for the verdict.")
    parser.add_argument("bootstrap")
    parser.add_argument("workspace")
    parser.add_argument("task")
    parser.add_argument("--id", default=str(uuid.uuid4()))
    parser.add_argument("--for", dest="wanted", choices=["waiting", "ended"], default="ended")
    parser.add_argument("--timeout", type=float, default=600)
    return parser.parse_args()


def request(asked):
    event = {
        "specversion": "1.0",
        "type": "dev.airlock.change.requested.v1",
        "source": SOURCE,
        "id": asked.id,
        "data": {"workspace": asked.workspace, "author": "service:producer", "task": asked.task},
    }
    producer = KafkaProducer(bootstrap_servers=asked.bootstrap, acks="all", retries=5)
    producer.send(
        "airlock.requests",
        key=asked.workspace.encode(),  # requests of one key are taken in their order
        value=json.dumps(event).encode(),
        headers=[("content-type", b"application/cloudevents+json")],
    ).get(timeout=30)
    producer.close()


def verdicts(bootstrap):
    """From the topic's beginning, so that a verdict that came before we asked for it is found, too."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, consumer_timeout_ms=1000)
    places = [TopicPartition("airlock.verdicts", p) for p in consumer.partitions_for_topic("airlock.verdicts")]
    consumer.assign(places)
    consumer.seek_to_beginning()
    return consumer


def main():
    asked = arguments()
    request(asked)
    deadline = time.monotonic() + asked.timeout
    consumer = verdicts(asked.bootstrap)
    while time.monotonic() < deadline:
        for record in consumer:
            verdict = json.loads(record.value)
            mine = verdict["data"].get("request") == {"source": SOURCE, "id": asked.id}
            if mine and verdict["type"] == f"dev.airlock.run.{asked.wanted}.v1":
                print(json.dumps(verdict))
                return 0 if asked.wanted == "waiting" or verdict["data"]["outcome"] == "PROMOTED" else 1
    print("no verdict in time", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
