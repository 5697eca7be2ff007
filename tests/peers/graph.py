#!/usr/bin/env python3
"""The questions of the public graph benchmark, asked of SQLite, DuckDB, ladybug and the life graph in turn, as a table.

    graph.py BENCH FOLDER [ROUNDS]      BENCH is the script that makes the data and asks the peers (shared/tools/graph_bench.py)

Every round asks each of them once; the median of the rounds is told, CPU time of one thread. The answers must be the same.
"""
import collections
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys

PEERS = ["sqlite", "duckdb", "ladybug"]
LINE = re.compile(r"  (\w+) +([\d.]+) (us|ms) wall +([\d.]+) (?:us|ms) cpu +(.*)")
# Rows of the targets, in the units of the table.
TARGETS = {"1hop": 5, "2hop": 100, "q1": 50, "q8": 25, "q9": 100}


def people(folder):
    """Those whom the peers are asked about: their script draws them so."""
    rng = random.Random(7)
    persons = sum(1 for _ in open(folder / "persons.csv"))
    (folder / "people.txt").write_text("".join(f"{rng.randrange(persons)}\n" for _ in range(200)))


def ask(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **more}, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}")
    system = None
    for line in done.stdout.splitlines():
        if ": loaded in" in line:
            system = line.split(":")[0]
        elif told := LINE.match(line):
            question, _, unit, cpu, answer = told.groups()
            yield system, question, unit, float(cpu), answer


def main(bench, folder, rounds):
    if not (folder / "edges.csv").exists():
        subprocess.run([sys.executable, bench, "generate", folder], check=True)
    people(folder)
    took, answers, units = collections.defaultdict(list), collections.defaultdict(set), {}
    ours = ["cargo", "bench", "--package", "lares-graph", "--bench", "ask"]
    for n in range(rounds):
        print(f"round {n + 1} of {rounds}", file=sys.stderr)
        for command in ([sys.executable, bench, "run", folder, *PEERS], ours):
            for system, question, unit, cpu, answer in ask(command, LARES_GRAPH_BENCH=str(folder)):
                took[question, system].append(cpu)
                answers[question].add(answer)
                units[question] = unit
    print("| question | " + " | ".join(PEERS) + " | lares | target |\n|---|" + "---|" * (len(PEERS) + 2))
    wrong = []
    for question, target in TARGETS.items():
        median = {s: statistics.median(took[question, s]) for s in [*PEERS, "lares"]}
        met = "met" if median["lares"] <= target else "**missed**"
        cells = " | ".join(f"{median[s]:.1f}" for s in [*PEERS, "lares"])
        print(f"| {question}, {units[question]} | {cells} | <= {target}: {met} |")
        if len(answers[question]) != 1:
            wrong.append(f"{question}: {sorted(answers[question])}")
    if wrong:
        sys.exit("the answers differ:\n" + "\n".join(wrong))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), int(sys.argv[3]) if len(sys.argv) > 3 else 3)
