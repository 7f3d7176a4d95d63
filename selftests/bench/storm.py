#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: storm.py FLOWS DEVLINK-DEVICE A R B route|fdb|flap...

The storms of storm.sh, with its topology.
"""
import os
import re
import subprocess
import sys
import time

from probe import Batch, In, Probe, Stat, Tap, die, mac, now
from worktime import WorkTime

flows, switch = sys.argv[1:3]
A, R, B = sys.argv[3:6]
DESTINATIONS = int(os.environ["DESTINATIONS"])
RATE = int(os.environ.get("RATE", 3500))
SECONDS = float(os.environ.get("SECONDS", 10))
LIMIT = 5
HOSTS = 5000  # each moves there and back
FLAPPING, FLAPS = 2000, 20
GATEWAY = "via 198.51.100.2"
FLAPPER, FAR = "198.18.2.9", "198.18.3.9"

ip = Batch(R, "ip")
work = WorkTime()


def routes():
    """Changes of routes, without end: a better one comes, and goes again."""
    while True:
        for what in ("add", "del"):
            for i in range(1, DESTINATIONS + 1):
                yield f"route {what} 198.18.1.{i} {GATEWAY} dev p2 metric 50\n"


class Storm:
    """A process that feeds ip with RATE changes a second, for SECONDS"""

    def __init__(self):
        self.result, answer = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.write(answer, str(self.feed()).encode())
            os._exit(0)
        os.close(answer)

    @staticmethod
    def feed():
        """changes a second"""
        lines = routes()
        with subprocess.Popen(["ip", "-n", R, "-batch", "-"], stdin=subprocess.PIPE, bufsize=0) as run:
            begin, done = now(), 0
            while now() < begin + SECONDS or done % (2 * DESTINATIONS):
                time.sleep(0.01)
                due = int((now() - begin) * RATE) - done
                if now() >= begin + SECONDS:  # what came has to go
                    due = -done % (2 * DESTINATIONS)
                part = "".join(next(lines) for _ in range(due)).encode()
                while part:
                    part = part[run.stdin.write(part):]
                done += due
            run.stdin.close()
            run.wait()
        return round(done / (now() - begin))

    def goes_on(self):
        """whether it does"""
        return not os.waitpid(self.pid, os.WNOHANG)[0]

    def rate(self):
        """how many a second it was, at the end"""
        return os.read(self.result, 100).decode()


def blackhole(probe, place):
    """microseconds until it is obeyed"""
    us = probe.obeyed(lambda: ip(f"route add blackhole {FAR}"), place, 0.3, LIMIT) * 1e6
    ip(f"route del blackhole {FAR}")
    return round(us)


def obeyed(what, rate, took, absent):
    """Print the result."""
    took.sort()
    if absent:
        print(f"# {what}: {absent} times the flow was not in hardware again within 3 s")
    if took:
        print("storm-obeyed", what, flows, rate, took[-1], took[len(took) // 2], len(took), flush=True)
    for function, us in sorted(work.used.items()):
        if function.startswith(("nf_", "flow_offload")):
            print("storm-cpu", what, function, round(us), f"{work.seconds:.2f}")
    work.used.clear()


def route_storm():
    took, absent = [], 0
    probe, place = new_probe()
    with work:
        storm = Storm()
        time.sleep(1)
        while storm.goes_on():
            if absent or took:
                place = probe.settle(hits, 3)
            if place:
                took.append(blackhole(probe, place))
            else:
                absent += 1
        rate = storm.rate()
    probe.close()
    obeyed("route", rate, took, absent)


def fdb_storm():
    took, absent, lasted = [], 0, 0
    macs = [f"02:00:00:01:{i >> 8:02x}:{i & 255:02x}" for i in range(HOSTS)]
    moves = "".join(f"fdb replace {mac} dev d{port} master\n" for mac in macs for port in (1, 2))
    with open("/tmp/moves", "w", encoding="ascii") as f:
        f.write(moves)
    probe, place = new_probe()
    with work:
        for _ in range(5):
            with open("/tmp/moves", encoding="ascii") as f:
                begin = now()
                storm = subprocess.Popen(["bridge", "-n", R, "-batch", "-"], stdin=f)
            time.sleep(0.1)
            took.append(blackhole(probe, place))
            storm.wait()
            lasted += now() - begin
            place = probe.settle(hits, 10)
            if not place:
                absent += 1
                break
    probe.close()
    obeyed("fdb", round(len(took) * 2 * HOSTS / lasted), took, absent)


def occupied():
    """rules in hardware"""
    out = subprocess.check_output(["devlink", "-N", R, "resource", "show", switch], text=True)
    return int(re.search(r"name flow_table .*?occ (\d+)", out)[1])


def pktgen(name, *commands):
    for command in commands:
        with In(A), open("/proc/net/pktgen/" + name, "w", encoding="ascii") as f:
            f.write(command + "\n")


def flap():
    ip(f"route add {FLAPPER} {GATEWAY} dev p2 metric 100")
    others = occupied()
    pktgen("kpktgend_0", "rem_device_all", "add_device a0@0")
    pktgen("a0@0", "min_pkt_size 60", "max_pkt_size 60", f"delay {10 ** 9 // (FLAPPING * 5)}", "clone_skb 0",
           "src_min 192.0.2.2", "src_max 192.0.2.2", f"dst {FLAPPER}", "udp_dst_min 9", "udp_dst_max 9",
           "udp_src_min 10000", f"udp_src_max {10000 + FLAPPING}", "count 0", f"dst_mac {mac(R, 'p1')}")
    sender = os.fork()
    if not sender:
        time.sleep(0.5)
        pktgen("pgctrl", "start")
        os._exit(0)
    there, changes = [], 0
    with work:
        begin = now()
        while now() < begin + 3 + SECONDS:
            ip(f"route {'del' if changes % 2 else 'add'} {FLAPPER} {GATEWAY} dev p2 metric 50")
            changes += 1
            if changes % 4 == 0 and now() > begin + 3:
                there.append((occupied() - others) / 2)
            time.sleep(max(0, begin + changes / FLAPS - now()))
        rate = changes / (now() - begin)
    time.sleep(2)
    calm = (occupied() - others) / 2
    pktgen("pgctrl", "stop")
    os.waitpid(sender, 0)
    print(f"# {calm:.0f} of {FLAPPING} flows are in hardware after that")
    print("storm-stay", flows, round(rate), round(100 * sum(there) / len(there) / FLAPPING))
    obeyed("flap", 0, [], 0)


def new_probe():
    """(a flow, where it comes out)"""
    new_probe.port += 1
    probe = Probe(A, ("192.0.2.2", new_probe.port), (FAR, 9), [Tap("B", B, "b0")])
    place = probe.settle(hits, 10)
    if not place:
        die("the flow does not get into hardware")
    return probe, place


new_probe.port = 5000
hits = Stat(R, "p1", "ft_hit")
ip(f"route add {FAR} {GATEWAY} dev p2 metric 100")
Batch(A, "ip")(f"neigh replace 192.0.2.1 lladdr {mac(R, 'p1')} dev a0")
for chosen in sys.argv[6:]:
    {"route": route_storm, "fdb": fdb_storm, "flap": flap}[chosen]()
