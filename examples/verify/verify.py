#!/usr/bin/env python3
"""Verifies an audit trail of Airlock, one record a line. Written from docs/events.md alone. Needs Python 3.9, and the `openssl`
command for a checkpoint's signature. Exit code 0: it is what was written, 1: it is not, 2: cannot tell."""
import argparse, base64, hashlib, json, re, struct, subprocess, sys, tempfile
PROBLEMS, STRAYS = [], []
CHAIN = re.compile(r"((?:run|sandbox|server)-[a-z2-7]{26})/([^/\s]{1,100})/([1-9][0-9]{0,17})")
def problem(kind, run=None, sequence=None): PROBLEMS.append({"kind": kind, "run": run, "sequence": sequence})
def sha(data): return hashlib.sha256(data).digest()
def digest(data): return "sha256:" + sha(data).hex()
def unwrapped(t): return base64.b64decode(t[11:-2]) if t.startswith(b'{"base64":"') and t.endswith(b'"}') else t
def framed(*parts): return b"".join(struct.pack(">I", len(p.encode())) + p.encode() for p in parts)
def no_twins(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else json.loads("a member stands there twice")
class Record:
    def __init__(self, line, text):
        self.line, self.lines = line, [line]
        try: read = json.loads(text.decode("utf-8"), object_pairs_hook=no_twins)
        except ValueError: read = None
        self.event = e = read if isinstance(read, dict) else {}
        said = CHAIN.fullmatch("%s/%s/%s" % (e.get("subject"), e.get("incarnation"), e.get("sequence")))
        self.places = [(m[1], m[2], int(m[3])) for m in (said, CHAIN.fullmatch(str(e.get("id")))) if m]
        self.hash, self.previous = e.get("hash"), e.get("previoushash")
        body = {k: v for k, v in e.items() if k != "hash"}   # sorting by UTF-16 code units: the names are ASCII
        self.content = digest(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace"))
        self.sound = bool(said) and e.get("id") == said[0] and self.content == self.hash and not self.of_another_request()
    def of_another_request(self):
        e, data = self.event, self.event.get("data")
        if e["type"] != "dev.airlock.run.started.v1" or not isinstance(data, dict) or "requestId" not in data: return False
        name = sha(framed(e["source"][len("airlock:"):], data["requestSource"], data["requestId"]))
        return e["subject"] != "run-" + base64.b32encode(name).decode().lower()[:26]
def chain(run, incarnation, slots, others, head):
    blamed, true = set(), {}
    def blame(n): n in blamed or blamed.add(n) or problem("altered", run, n)
    def follows(record, number): return any(record.previous == before.hash for before in slots.get(number, []))
    for n in sorted(slots):
        true[n] = max(slots[n], key=lambda r: (r.hash == head, n - 1 in true and r.previous == true[n - 1].hash,
                      any(x.previous == r.hash for x in slots.get(n + 1, [])), r.sound, -r.line))
        if not true[n].sound: blame(n)
        before = max((k for k in slots if k < n), default=0)
        for absent in range(before + 1, n):   # what nobody can read, between its neighbours, is what is absent there
            stray = next((s for s in STRAYS if (true[before].line if before else 0) < s.line < true[n].line), None)
            if not stray: problem("missing", run, absent); break
            STRAYS.remove(stray); blame(absent)
    broken = lambda n: n in true and n - 1 in true and true[n].sound and true[n - 1].sound and not follows(true[n], n - 1)
    for n in sorted(slots):
        if broken(n) and not {n, n - 1} & blamed: blame(n if broken(n + 1) or (n == max(slots) and head and true[n].hash != head) else n - 1)
        for r in slots[n]:
            if r is true[n] or (n - 1 in slots and r.previous in [b.hash for b in slots[n - 1] if b is not true[n - 1]]): continue
            goes_on = any(x.previous == r.hash != true[n].hash for x in slots.get(n + 1, []))
            problem("forked" if goes_on else "repeated", run, n)
    line = 0
    for n in sorted(true): line = line if line is None else min((k for k in true[n].lines if k > line), default=None)
    if line is None: problem("swapped", run, next(a for a, b in zip(sorted(true), sorted(true, key=lambda n: true[n].line)) if a != b))
    first, origin = true.get(1), digest(framed(run))
    if not first or 1 in blamed: return
    if first.event["type"] == "dev.airlock.run.reset.v1":
        named = first.event["data"]
        old = [r.hash for r in others.get(named["incarnation"], {}).get(int(named["sequence"]), [])]
        if first.previous != named["hash"] or named["hash"] not in (old or [origin]): problem("forked", run, 1)
    elif first.previous != origin: blame(1)
    elif min(others, key=lambda i: min(r.line for v in others[i].values() for r in v)) != incarnation: problem("forked", run, 1)
def signed(note, key):
    (text, _, signatures), (name, _, public) = note.partition("\n\n"), key.strip().split("+", 2)
    mark = [line.split(" ")[2] for line in signatures.splitlines() if line.startswith("\u2014 " + name + " ")]
    with tempfile.TemporaryDirectory() as there:
        for file, data in (("key", bytes.fromhex("302a300506032b6570032100") + base64.b64decode(public)[1:]),
                           ("text", (text + "\n").encode()), ("mark", base64.b64decode(mark[0])[4:] if mark else b"")):
            with open(there + "/" + file, "wb") as out: out.write(data)
        call = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile mark"
        return subprocess.run(call.split(), cwd=there, capture_output=True).returncode == 0
def root(leaves):
    if len(leaves) < 2: return sha(b"\0" + leaves[0]) if leaves else sha(b"")
    left = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha(b"\1" + root(leaves[:left]) + root(leaves[left:]))
def main():
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("trail", "--head", "--checkpoint", "--key"): options.add_argument(name)
    given = options.parse_args()
    with open(given.trail, "rb") as trail: texts = [unwrapped(t) for t in trail.read().split(b"\n") if t.strip()]
    runs = {}   # run -> incarnation -> number -> the different records that claim it
    for r in sorted((Record(i + 1, t) for i, t in enumerate(texts)), key=lambda r: not r.sound):   # the sound ones say where they belong
        free = [p for p in r.places if r.sound or (p[1] in runs.get(p[0], {}) and p[2] not in runs[p[0]][p[1]])] or r.places
        if not free: STRAYS.append(r); continue
        variants = runs.setdefault(free[0][0], {}).setdefault(free[0][1], {}).setdefault(free[0][2], [])
        copy = next((v for v in variants if (v.content, v.hash) == (r.content, r.hash)), None)
        copy.lines.append(r.line) if copy else variants.append(r)
    for run, incarnations in runs.items():
        for incarnation, slots in incarnations.items(): chain(run, incarnation, slots, incarnations, given.head)
    lines = {v.line: run for run, i in runs.items() for s in i.values() for n in s.values() for v in n}
    for stray in STRAYS: problem("altered", lines.get(max((k for k in lines if k < stray.line), default=0)))
    if given.head and not PROBLEMS and given.head not in (r.hash for i in runs.values() for s in i.values() for v in s.values() for r in v):
        problem("truncated", *[(run, max(list(i.values())[-1]) + 1) for run, i in runs.items()][0] if len(runs) == 1 else ())
    if given.checkpoint:
        size, expected = (note := open(given.checkpoint, encoding="utf-8").read()).split("\n")[1:3]
        if not signed(note, given.key): problem("altered")
        elif len(texts) < int(size): problem("truncated")
        elif base64.b64encode(root(texts[:int(size)])).decode() != expected and not PROBLEMS: problem("swapped")
    print(json.dumps({"ok": not PROBLEMS, "problems": PROBLEMS})); return 1 if PROBLEMS else 0
if __name__ == "__main__":
    try: sys.exit(main())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as e: print("verify.py:", e, file=sys.stderr); sys.exit(2)
