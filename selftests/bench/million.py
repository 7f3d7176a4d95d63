#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: million.py FLOWS A R B C D [hard]

What million.sh measures, with its topology.
"""
import os
import random
import sys
import time

from probe import Batch, Probe, Stat, Sysctl, Tap, now
from worktime import WorkTime

flows = int(sys.argv[1])
A, R, B, C, D = sys.argv[2:7]
SECONDS = float(os.environ.get("SECONDS", 30))
TRIES = int(os.environ.get("TRIES", 5))
PAUSE = float(os.environ.get("PAUSE_MS", 10000)) / 1000
CHURN = int(os.environ.get("CHURN", 100))
GIVE_UP = 30


def idle():
    with WorkTime() as work:
        time.sleep(SECONDS)
    for function, us in sorted(work.used.items()):
        if function.startswith(("nf_", "flow_offload")):
            print("million-idle", flows, function, round(us), f"{work.seconds:.2f}", flush=True)


class Churn:
    """with Churn(): a process has routes come and go"""

    def __enter__(self):
        self.pid = os.fork()
        if self.pid:
            return
        churn = Batch(R, "ip")
        begin, done = now(), 0
        while True:
            what = "del" if done & 1 else "add"
            churn(f"route {what} 203.0.113.{done // 2 % 256}/32 via 198.51.100.2 dev p2")
            done += 1
            time.sleep(max(0, begin + done / CHURN - now()))

    def __exit__(self, *error):
        os.kill(self.pid, 15)
        os.waitpid(self.pid, 0)


class Calm:
    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


class Way:
    """A flow, and what it has to obey"""

    def __init__(self, ns, to, tap, event, undo, hits):
        self.probe = Probe(ns, ("::", 7000), (to, 7000), [tap])
        self.event, self.undo, self.hits = event, undo, hits

    def measure(self, name, state):
        took = []
        place = self.probe.settle(self.hits, 10)
        for _ in range(TRIES):
            if not place:
                print(f"# {name}: the flow does not flow as before")
                break
            self.probe.go_on(random.uniform(0.8, 1.2) * PAUSE)
            took.append(round(self.probe.obeyed(self.event, place, 3, GIVE_UP) * 1e6))
            self.undo()
            place = self.probe.settle(self.hits, GIVE_UP)
        took.sort()
        if took:
            print("million-obeyed", name, state, flows, took[-1], took[len(took) // 2], len(took), flush=True)


idle()
if sys.argv[7:]:
    ip, forward6 = Batch(R, "ip"), Sysctl(R, "net/ipv6/conf/all/forwarding")
    ways = {
        "hard": Way(A, "2001:db8:2::2", Tap("B", B, "b0"), lambda: ip("route add blackhole 2001:db8:2::2"),
                    lambda: ip("route del blackhole 2001:db8:2::2"), Stat(R, "q1", "ft_hit")),
        "soft": Way(C, "2001:db8:4::2", Tap("D", D, "d0"), lambda: forward6(0), lambda: forward6(1), None),
    }
    for state, context in (("idle", Calm()), ("churn", Churn())):
        with context:
            for way, what in ways.items():
                what.measure(way, state)
