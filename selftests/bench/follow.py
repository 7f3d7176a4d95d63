#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: follow.py FILE SECONDS

Wait until something is written into a file, then until nothing was for so long, and print
the microseconds between the first and the last growth that were seen.
"""
import os
import sys
import time

STEP = 0.005


def size():
    return os.stat(sys.argv[1]).st_size


quiet = float(sys.argv[2])
give_up = time.monotonic() + 60
while not size():
    if time.monotonic() > give_up:
        sys.exit("follow.py: nothing is written")
    time.sleep(STEP)
first = last = time.monotonic()
old = size()
while time.monotonic() - last < quiet:
    time.sleep(STEP)
    new = size()
    if new != old:
        old, last = new, time.monotonic()
print(round((last - first + STEP) * 1e6))
