#!/usr/bin/env python3
"""Entries made durable in groups: SQLite, DuckDB, ladybug and the life graph in turn, as a table.

    write.py FOLDER [ROUNDS]

An entry is a number, a time, one of 200 subjects, a kind and a value; the newest of a subject are looked for, so there is an index on it. A
group is one transaction that is on the disk when it returns. DuckDB and ladybug make their rows by themselves, from a range: nothing is
copied to them. The median of the rounds is told, wall time.
"""
import collections
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

GROUPS = {512: 25_000, 4_096: 80_000}
SPAN = 3.0
OURS = re.compile(r"durable in groups of (\d+) +([\d.]+) entries/s")


def open_sqlite(folder):
    db = sqlite3.connect(folder / "journal.sqlite", isolation_level=None)
    db.executescript("pragma journal_mode=wal; pragma synchronous=full;"
                     "create table journal(id integer primary key, moment integer, subject integer, kind integer, value real);"
                     "create index of_subject on journal(subject, id);")

    def write(begin, count):
        db.execute("begin")
        db.executemany("insert into journal values(?,?,?,?,?)",
                       ((i, 1_700_000_000_000_000 + i, i % 200, 1, float(i)) for i in range(begin, begin + count)))
        db.execute("commit")
    return write


def open_duckdb(folder):
    import duckdb
    db = duckdb.connect(str(folder / "journal.duckdb"), config={"threads": 1})
    db.execute("create table journal(id bigint, moment bigint, subject integer, kind integer, value double)")
    db.execute("create index of_subject on journal(subject)")
    return lambda begin, count: db.execute(
        "insert into journal select i, 1700000000000000 + i, i % 200, 1, i from range(?, ?) t(i)", [begin, begin + count])


def open_ladybug(folder):
    import ladybug
    db = ladybug.Connection(ladybug.Database(str(folder / "journal.ladybug"), max_num_threads=1), num_threads=1)
    db.execute("CREATE NODE TABLE Subject(id INT64, PRIMARY KEY(id))")
    db.execute("CREATE NODE TABLE Entry(id INT64, moment INT64, kind INT64, value DOUBLE, PRIMARY KEY(id))")
    db.execute("CREATE REL TABLE About(FROM Entry TO Subject)")
    db.execute("UNWIND range(0, 199) AS i CREATE (:Subject {id: i})")
    return lambda begin, count: db.execute(
        f"UNWIND range({begin}, {begin + count - 1}) AS i MATCH (s:Subject) WHERE s.id = i % 200 "
        "CREATE (:Entry {id: i, moment: 1700000000000000 + i, kind: 1, value: i})-[:About]->(s)")


PEERS = {"sqlite": open_sqlite, "duckdb": open_duckdb, "ladybug": open_ladybug}


def rate(system, group, folder):
    """Entries a second."""
    place = pathlib.Path(tempfile.mkdtemp(dir=folder))
    write, begun, count = PEERS[system](place), time.monotonic(), 0
    while time.monotonic() - begun < SPAN:
        write(count, group)
        count += group
    took = time.monotonic() - begun
    shutil.rmtree(place, ignore_errors=True)
    return count / took


def main(folder, rounds):
    folder.mkdir(parents=True, exist_ok=True)
    took = collections.defaultdict(list)
    ours = ["cargo", "bench", "--package", "lares-graph", "--bench", "append", "--", "groups", str(folder)]
    for n in range(rounds):
        print(f"round {n + 1} of {rounds}", file=sys.stderr)
        for system in PEERS:
            for group in GROUPS:
                took[system, group].append(rate(system, group, folder))
        done = subprocess.run(ours, stdout=subprocess.PIPE, text=True, env=os.environ, check=True)
        for group, told in OURS.findall(done.stdout):
            took["lares", int(group)].append(float(told))
    print("| durable entries/s | " + " | ".join([*PEERS, "lares"]) + " | target |\n|---|" + "---|" * (len(PEERS) + 2))
    for group, target in GROUPS.items():
        median = {s: statistics.median(took[s, group]) for s in [*PEERS, "lares"]}
        met = "met" if median["lares"] >= target else "**missed**"
        cells = " | ".join(f"{median[s]:,.0f}" for s in [*PEERS, "lares"])
        print(f"| in groups of {group:,} | {cells} | >= {target:,}: {met} |")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
