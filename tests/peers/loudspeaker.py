#!/usr/bin/env python3
"""A loudspeaker that keeps what it plays, and takes as long as it takes: standard input (one channel, 16 bits, 22050 Hz) is added to FILE.

    loudspeaker.py FILE      at the end of each answer FILE.ends is one byte longer
"""
import sys
import time

SECOND = 22050 * 2
start, played = time.monotonic(), 0
with open(sys.argv[1], "ab", buffering=0) as out:
    while piece := sys.stdin.buffer.read1(4096):
        out.write(piece)
        played += len(piece)
        time.sleep(max(0.0, start + played / SECOND - time.monotonic()))
with open(sys.argv[1] + ".ends", "ab") as ends:
    ends.write(b".")
