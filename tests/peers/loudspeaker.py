#!/usr/bin/env python3
"""A loudspeaker that keeps what it plays: standard input is added to FILE.

    loudspeaker.py FILE
"""
import sys

with open(sys.argv[1], "ab", buffering=0) as out:
    while piece := sys.stdin.buffer.read1(4096):
        out.write(piece)
