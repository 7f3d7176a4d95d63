# SPDX-License-Identifier: GPL-2.0
"""Processor time of work items, by their functions, from the kernel's trace: what is between
start and end of each, without the time that the worker was switched away. Ticks are too
coarse for that, and works that a timer starts end before the next one.
"""
import glob
import os
import re
import time

TRACING = "/sys/kernel/tracing"
EVENTS = ("workqueue/workqueue_execute_start", "workqueue/workqueue_execute_end", "sched/sched_switch")
LINE = re.compile(r"-(\d+) +\[\d+\] \S+ +(\d+\.\d+): (\w+): (.*)")
NEXT = re.compile(r"prev_pid=(\d+) .*==> .*next_pid=(\d+)")


def put(name, value):
    with open(f"{TRACING}/{name}", "w", encoding="ascii") as f:
        f.write(str(value))


class WorkTime:
    """with WorkTime() as work: ...; then work.used is {function: microseconds}, and
    work.seconds the time in between"""

    def __init__(self, kib=16384):
        if not os.path.isdir(TRACING + "/events"):
            os.system(f"mount -t tracefs tracefs {TRACING}")
        put("buffer_size_kb", kib)
        put("trace_clock", "mono")
        put(f"events/{EVENTS[2]}/filter", 'prev_comm ~ "kworker*" || next_comm ~ "kworker*"')
        self.used = {}
        self.longest = {}
        self.begin = self.seconds = 0

    def __enter__(self):
        put("trace", "")
        for event in EVENTS:
            put(f"events/{event}/enable", 1)
        self.begin = time.monotonic()
        return self

    def __exit__(self, *error):
        self.seconds = time.monotonic() - self.begin
        for event in EVENTS:
            put(f"events/{event}/enable", 0)
        lost = 0
        for stats in glob.glob(TRACING + "/per_cpu/cpu*/stats"):
            with open(stats, encoding="ascii") as f:
                lost += int(re.search(r"overrun: (\d+)", f.read())[1])
        if lost:
            print(f"# the trace lacks {lost} events")
        with open(TRACING + "/trace", encoding="ascii") as f:
            self.parse(f)
        put("trace", "")

    def parse(self, lines):
        """Add up."""
        running = {}  # worker: [function, since when it has the processor or None, time so far]
        for line in lines:
            got = LINE.search(line)
            if not got:
                continue
            pid, at, event, text = got[1], float(got[2]), got[3], got[4]
            if event == "workqueue_execute_start":
                running[pid] = [text.split("function ")[1].split()[0], at, 0.0]
            elif event == "workqueue_execute_end" and pid in running:
                function, since, spent = running.pop(pid)
                spent += at - since if since else 0
                self.used[function] = self.used.get(function, 0) + spent * 1e6
                self.longest[function] = max(self.longest.get(function, 0), spent * 1e6)
            elif event == "sched_switch":
                prev, following = NEXT.search(text).groups()
                if prev in running and running[prev][1]:
                    running[prev][2] += at - running[prev][1]
                    running[prev][1] = None
                if following in running:
                    running[following][1] = at
