#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: cost.py ROUNDS COMMAND [ARGS...]

Run a command so often, with its output thrown away, and print of each run the processor
time in microseconds, user and system, the time on the clock, and the most memory that it
had resident, in KiB, as was seen every 10 ms.
"""
import os
import resource
import subprocess
import sys
import time


def resident(pid):
    try:
        if os.readlink(f"/proc/{pid}/exe") == own:
            return 0  # not the command yet
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command):
    most = 0
    cpu, begin = spent(), time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(0.01)
    if process.returncode:
        sys.exit(f"cost.py: {command[0]}: status {process.returncode}")
    print(round((spent() - cpu) * 1e6), round((time.monotonic() - begin) * 1e6), most)


own = os.readlink("/proc/self/exe")
for _ in range(int(sys.argv[1])):
    run(sys.argv[2:])
