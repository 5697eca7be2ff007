#!/usr/bin/env python3
"""A microphone that hears what is put into a folder: raw samples of one channel, 16 bits, 16 kHz, on standard output as they come.

    microphone.py FOLDER      FOLDER/say.raw is heard once it is there, and is gone when it was heard; else there is silence. When
                              it began stands in FOLDER/say.began, in microseconds since 1970
"""
import pathlib
import sys
import time

PIECE = 1024 * 2  # 64 ms
sound = pathlib.Path(sys.argv[1]) / "say.raw"
heard, at, start, pieces = b"", 0, time.monotonic(), 0
while True:
    if not heard and sound.exists():
        heard, at = sound.read_bytes(), 0
        sound.with_name("say.began").write_text(str(time.time_ns() // 1000))
    piece = heard[at : at + PIECE]
    at += PIECE
    if heard and at >= len(heard):
        heard = b""
        sound.unlink()
    sys.stdout.buffer.write(piece + bytes(PIECE - len(piece)))
    sys.stdout.buffer.flush()
    pieces += 1
    time.sleep(max(0.0, start + pieces * 0.064 - time.monotonic()))
