"""A stand-in for a coding agent: no model, but it works as one does.

It reads the task, writes code and tests, and when its work comes back it reads what went wrong and mends just that. What
it does not understand it says, and fails; it never guesses. What it gets lies in the directory that AIRLOCK_INPUT names.
"""

import itertools
import json
import os
import re
import sys
import types
from pathlib import Path

PRICING = Path("orders/pricing.py")
TESTS = Path("tests/test_bulk_discount.py")
CHANGELOG = Path("CHANGELOG.md")

PLAIN = "    return line.quantity * line.price\n"
DRAFT = """    full = line.quantity * line.price
    if line.quantity < BULK_FROM:
        return full
    return round(full * (100 - BULK_PERCENT) / 100)
"""

# What this agent knows to go wrong with discounts: what it is, how it reads in the code, how it should read.
MENDS = (
    (
        "round() goes to the even neighbour and works on floating point; percentage() rounds half up",
        "round(full * (100 - BULK_PERCENT) / 100)",
        "percentage(full, 100 - BULK_PERCENT)",
    ),
    ("the discount starts one piece too late", "line.quantity <= BULK_FROM", "line.quantity < BULK_FROM"),
    ("the discount starts one piece too early", "line.quantity < BULK_FROM - 1", "line.quantity < BULK_FROM"),
)


class Puzzled(Exception):
    """Something this agent does not understand."""


def main():
    given = Path(os.environ["AIRLOCK_INPUT"])
    percent, pieces, examples = understood(read(given / "task.md"))
    reason = read(given / "reason.txt")
    blocked = [each for each in json.loads(read(given / "findings.json") or "[]") if each["severity"] == "BLOCK"]
    if blocked:
        raise Puzzled("these findings are beyond me: " + "; ".join(each["rule"] for each in blocked))
    if "BULK_FROM" not in PRICING.read_text(encoding="utf-8"):
        implement(percent, pieces, examples)
    elif reason and as_entry(reason) not in CHANGELOG.read_text(encoding="utf-8"):
        note(reason)
    elif (given / "output.txt").exists():
        mend(read(given / "output.txt"))
    else:
        say("the discount is there and nobody asks for more: nothing to do")


def understood(task):
    """The percentage, the number of pieces and the examples that the task names."""
    rule = re.search(r"(\d+) % off\s+from (\d+) pieces", task)
    rows = re.findall(r"^\| *(\d+) *\| *(\d+) *\| *(\d+) *\|$", task, re.MULTILINE)
    if not rule or not rows:
        raise Puzzled('I only do bulk discounts: "N % off from M pieces", and a table of pieces, price and line total')
    return int(rule[1]), int(rule[2]), [tuple(map(int, row)) for row in rows]


def implement(percent, pieces, examples):
    """A first draft and the task's examples as tests."""
    code = PRICING.read_text(encoding="utf-8")
    if code.count(PLAIN) != 1:
        raise Puzzled(f"{PRICING} does not look as I know it")
    head, line_total, rest = code.partition("\n\ndef line_total")
    constants = f"\nBULK_FROM = {pieces}\nBULK_PERCENT = {percent}\n"
    write(PRICING, head + constants + line_total + rest.replace(PLAIN, DRAFT))
    write(TESTS, tests_of(examples))
    text = CHANGELOG.read_text(encoding="utf-8")
    write(CHANGELOG, under_unreleased(text, f"Lines get {percent} % off from {pieces} pieces of one article."))
    say(f"wrote the discount of {percent} % from {pieces} pieces, and {len(examples)} examples as tests")


def tests_of(examples):
    rows = "".join(f"            ({quantity}, {price}, {total}),\n" for quantity, price, total in examples)
    return f'''import unittest

from orders.model import Line
from orders.pricing import line_total


class BulkDiscountTest(unittest.TestCase):
    def test_the_examples_of_the_task(self):
        for quantity, price, expected in (
{rows}        ):
            with self.subTest(quantity=quantity, price=price):
                self.assertEqual(line_total(Line("bolt", quantity, price)), expected)
'''


def mend(output):
    """Finds the fewest known mistakes whose mending gives every failed example its expected total."""
    failed = failures(output)
    code = PRICING.read_text(encoding="utf-8")
    present = [mend for mend in MENDS if mend[1] in code]
    for count in range(1, len(present) + 1):
        for mends in itertools.combinations(present, count):
            mended = code
            for _, wrong, right in mends:
                mended = mended.replace(wrong, right)
            if all(total(mended, quantity, price) == expected for quantity, price, expected in failed):
                write(PRICING, mended)
                for why, _, _ in mends:
                    say(f"mended: {why}")
                return
    raise Puzzled(f"no mistake I know explains {failed} as (pieces, price, expected total)")


def failures(output):
    """What the failed assertions in the output of unittest say, as (quantity, price, expected total)."""
    blocks = re.split(r"^={70}$", output.replace("\r\n", "\n"), flags=re.MULTILINE)[1:]
    found = []
    for block in blocks:
        title = block.strip().splitlines()[0]
        example = re.match(r"FAIL: .*\(quantity=(\d+), price=(\d+)\)$", title)
        totals = re.search(r"^AssertionError: (-?\d+) != (-?\d+)$", block, re.MULTILINE)
        if not example or not totals:
            raise Puzzled(f"I do not understand this failure: {title}")
        found.append((int(example[1]), int(example[2]), int(totals[2])))
        say(f"read: {example[1]} pieces at {example[2]} cost {totals[1]}, expected {totals[2]}")
    if not found:
        raise Puzzled("the output of the failed step shows no failed test")
    return found


def total(code, quantity, price):
    """What the code makes of one line."""
    from orders.model import Line

    pricing = types.ModuleType("pricing")
    exec(compile(code, str(PRICING), "exec"), pricing.__dict__)
    return pricing.line_total(Line("bolt", quantity, price))


def note(reason):
    """Honours a reviewer's request by writing it where the next reader looks."""
    write(CHANGELOG, under_unreleased(CHANGELOG.read_text(encoding="utf-8"), as_entry(reason)))
    say(f"noted in {CHANGELOG}: {as_entry(reason)}")


def as_entry(reason):
    return "As the review asked: " + " ".join(reason.split())


def under_unreleased(text, entry):
    heading = "## Unreleased\n"
    if heading not in text:
        raise Puzzled(f'{CHANGELOG} has no "## Unreleased"')
    before, after = text.split(heading, 1)
    entries, separator, rest = after.partition("\n## ")
    return f"{before}{heading}{entries.rstrip()}\n- {entry}\n{separator}{rest}"


def read(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def write(path, text):
    path.write_text(text, encoding="utf-8")


def say(words):
    print(f"agent: {words}", flush=True)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.getcwd())
    try:
        main()
    except Puzzled as puzzle:
        sys.exit(f"agent: I give up. {puzzle}.")
