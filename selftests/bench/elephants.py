#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: elephants.py zipf|campus WAY LIVE PLACES CALLS A R ADDR

What elephants.sh measures, with its topology. A flow lives for LIFE seconds on average
(60), then another one takes its turn; PPS packets a second are sent (4000), for WARM
seconds (30) and then for SECONDS (30) that count.

zipf: the flow of rank n has a weight of n^-1.1; one that takes its turn has its rank.
campus: weights are lengths of flows as a university's border router has seen them in 30
days, from the table of cumulative shares that was published with arXiv 1809.03486, which
2005.00173 goes by. A flow that comes has another length.
"""
import bisect
import heapq
import itertools
import math
import os
import random
import re
import socket
import struct
import sys
import time

from probe import In, Stat, mac
from worktime import WorkTime

model, way = sys.argv[1:3]
live, places = int(sys.argv[3]), int(sys.argv[4])
calls, A, R, addr = sys.argv[5:9]
LIFE = float(os.environ.get("LIFE", 60))
PPS = float(os.environ.get("PPS", 4000))
WARM = float(os.environ.get("WARM", 30))
SECONDS = int(os.environ.get("SECONDS", 30))
# packets of a flow, and how many percent of flows have no more
CAMPUS = ((1, 47.8326), (2, 65.3421), (4, 74.8933), (8, 84.1319), (10, 86.5086), (100, 97.3478),
          (1000, 99.4544), (10000, 99.8922), (100000, 99.9896), (1000000, 99.9998), (3000000, 100))
STEP = 0.02

random.seed(1)


def campus():
    """a length, between two of the table as if its logarithm were uniform there"""
    percent = random.uniform(0, 100)
    i = bisect.bisect_left([p for _, p in CAMPUS], percent)
    if not i:
        return 1
    (low, under), (high, to) = CAMPUS[i - 1], CAMPUS[i]
    return math.exp(math.log(low) + (percent - under) / (to - under) * math.log(high / low))


class Flows:
    """All that live: the weight and the frame of each"""

    def __init__(self):
        src, dst = socket.inet_aton("192.0.2.2"), socket.inet_aton(addr)
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 46, 0, 0, 64, 17, 0, src, dst)
        words = sum(struct.unpack("!10H", ip))
        words = ~((words >> 16) + (words & 0xffff)) & 0xffff
        self.head = bytes.fromhex(mac(R, "p1").replace(":", "") + mac(A, "a0").replace(":", "")) + \
            b"\x08\0" + ip[:10] + struct.pack("!H", words) + ip[12:]
        self.number = 0
        self.frame = [self.next() for _ in range(live)]
        self.weight = [(i + 1) ** -1.1 if model == "zipf" else campus() for i in range(live)]
        self.changed()

    def next(self):
        """a frame of another flow: by its ports"""
        self.number += 1
        udp = struct.pack("!HHHH", 1024 + self.number % 60000, 9 + self.number // 60000, 26, 0)
        return self.head + udp + bytes(18)

    def changed(self):
        """some have other weights"""
        self.sum = list(itertools.accumulate(self.weight))
        self.best = set(heapq.nlargest(places, range(live), self.weight.__getitem__))

    def churn(self, seconds):
        """some end, and others begin"""
        chance = 1 - math.exp(-seconds / LIFE)
        for i in range(live):
            if random.random() < chance:
                self.frame[i] = self.next()
                if model != "zipf":
                    self.weight[i] = campus()
        self.changed()


def destroyed():
    """rules so far"""
    with open(calls, encoding="ascii") as f:
        return int(re.search(r"^destroy (\d+)", f.read(), re.M)[1])


class Sender:
    """The packets of all flows, and how many of them were of the best"""

    def __init__(self):
        self.flows = Flows()
        with In(A):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.sock.bind(("a0", 0))
        self.sent = self.of_best = 0

    def second(self):
        """Send for a second. Packets that are late are not made up for."""
        flows, send = self.flows, self.sock.send
        begin = due = time.monotonic()
        while due < begin + 1:
            for i in random.choices(range(live), cum_weights=flows.sum, k=round(PPS * STEP)):
                send(flows.frame[i])
                self.of_best += i in flows.best
            self.sent += round(PPS * STEP)
            due = max(due + STEP, time.monotonic() - STEP)
            time.sleep(max(0, due - time.monotonic()))
        flows.churn(1)


def main():
    """Send, and see where packets went"""
    sender, hits = Sender(), Stat(R, "p1", "ft_hit")
    end = time.monotonic() + WARM
    while time.monotonic() < end:
        sender.second()
    sender.sent = sender.of_best = 0
    before, left = hits(), destroyed()
    with WorkTime(65536) as work:
        begin = time.monotonic()
        for _ in range(SECONDS):
            sender.second()
        took = time.monotonic() - begin
    used = [sum(us for function, us in work.used.items() if re.match(which, function)) / 1e4 / took
            for which in ("nf_flow_queue|flow_offload_work_handler", "nf_flow_offload_work_gc")]
    print("elephants", model, way, live, places, round(sender.sent / took),
          f"{100 * (hits() - before) / sender.sent:.1f} {100 * sender.of_best / sender.sent:.1f}",
          f"{(destroyed() - left) / 2 / took:.1f} {used[0]:.2f} {used[1]:.2f}", flush=True)


main()
