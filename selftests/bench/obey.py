#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: obey.py FLOWS TRIES DEBUGFS A R B C D E [KIND...]

What obey.sh tries, and how soon it is obeyed. A to E and R are network namespaces. Writes
"fill" when flows have left hardware, and waits for a line until they are back.
"""
import os
import random
import socket
import sys
import time

from probe import Batch, In, Probe, Stat, Sysctl, Tap, die, mac

flows, tries = int(sys.argv[1]), int(sys.argv[2])
debugfs = sys.argv[3]
A, R, B, C, D, E = sys.argv[4:10]
LIMIT = float(os.environ.get("LIMIT_MS", 100 if flows <= 10000 else 250)) / 1000
GIVE_UP = float(os.environ.get("GIVE_UP_MS", 2000)) / 1000
QUIET = max(0.3, 1.5 * LIMIT)
IDLE = 15  # seconds, then the driver knows that nothing uses new flows
PAUSE = float(os.environ.get("PAUSE_MS", 1000 if flows <= 10000 else 5000)) / 1000

A4, A6 = "192.0.2.3", "2001:db8:1::3"  # the probe's alone
B4, B6 = "198.51.100.3", "2001:db8:2::3"  # a gateway, of the probe's alone
C4, C6 = "203.0.113.2", "2001:db8:3::2"
D4 = "198.18.4.2"
NET4, FAR4, NET6, FAR6 = "198.18.0.0/24", "198.18.0.9", "2001:db8:9::/48", "2001:db8:9::9"
VIA_B4, VIA_C4 = f"via {B4} dev p2", f"via {C4} dev p3"
VIA_B6, VIA_C6 = f"via {B6} dev p2", f"via {C6} dev p3"
BIG = 1400  # bytes, which 1300 have no room for
MARKED = 41000  # source ports from here on get mark 7

ip, ip6, bridge = Batch(R, "ip"), Batch(R, "ip", "-6"), Batch(R, "bridge")
forward4 = Sysctl(R, "net/ipv4/ip_forward")
forward6 = Sysctl(R, "net/ipv6/conf/all/forwarding")
B_MAC, C_MAC, D_MAC, OTHER = mac(B, "b0"), mac(C, "c0"), mac(D, "d0"), "02:00:00:00:00:0b"
FDB = f"fdb replace {D_MAC} dev %s master static vlan 10"
NEIGH_C = f"neigh replace {C4} lladdr {C_MAC} dev p3\nneigh replace {C6} lladdr {C_MAC} dev p3"
NEIGH_D = f"neigh replace {D4} lladdr {D_MAC} dev br0.10"
BYPASS = f"src {A4}/32 dst {FAR4}/32 dir out"


def speaker(ns, dev):
    """A function that lets a host be heard at a port, with host D's address."""
    with In(ns):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.bind((dev, 0))
    frame = b"\xff" * 6 + bytes.fromhex(D_MAC.replace(":", "")) + b"\x88\xb5"

    def speak(_=None):
        sock.send(frame.ljust(60, b"\0"))
        return time.monotonic()
    return speak


def setup():
    """Once: addresses, gateways, a table that leads to C, a bridge"""
    Batch(A, "ip")(f"""addr add {A4}/24 dev a0
        addr add {A6}/64 dev a0 nodad
        neigh replace 192.0.2.1 lladdr {mac(R, "p1")} dev a0
        neigh replace 2001:db8:1::1 lladdr {mac(R, "p1")} dev a0""")
    ip(f"""neigh replace {A4} lladdr {mac(A, "a0")} dev p1
        neigh replace {A6} lladdr {mac(A, "a0")} dev p1
        link add br0 address 02:00:00:00:00:04 type bridge vlan_filtering 1 vlan_default_pvid 0 forward_delay 0
        link set p4 master br0
        link set p5 master br0
        link set br0 up
        link add link br0 name br0.10 type vlan id 10
        link set br0.10 up
        addr add 198.18.4.1/24 dev br0.10
        link add vrf0 type vrf table 1000
        link set vrf0 up""")
    bridge("""vlan add dev p4 vid 10 pvid untagged
        vlan add dev p5 vid 10 pvid untagged
        vlan add dev br0 vid 10 self
        """ + FDB % "p4")
    base()


def base():
    """What some of the events take away"""
    ip(f"""neigh replace {B4} lladdr {B_MAC} dev p2
        neigh replace {B6} lladdr {B_MAC} dev p2
        {NEIGH_C}
        {NEIGH_D}
        route replace {NET4} {VIA_B4}
        route replace {NET6} {VIA_B6}
        route replace {NET4} {VIA_C4} table 102
        route replace {NET6} {VIA_C6} table 102""")


class Kind:
    """An event: to is where the probe goes, event and undo are commands, or functions of
    the place where the probe came out. What is done before the first try, and after the
    last one. more=True: the place may be another one after each try."""

    def __init__(self, event, undo, to=FAR4, before="", after="", size=64, marked=False, more=False):
        self.event, self.undo = self.of(event), self.of(undo)
        self.before, self.after = self.of(before), self.of(after)
        self.to, self.size, self.marked, self.more = to, size, marked, more
        self.port = 0

    @staticmethod
    def of(commands):
        if callable(commands):
            return commands
        tools = [bridge if line.split()[0] in ("fdb", "vlan", "bridge") else
                 ip6 if "from 2001" in line else ip for line in commands.splitlines()]

        def run(_=None):
            done = 0
            for tool, line in zip(tools, commands.splitlines()):
                done = tool(line.strip().removeprefix("bridge "))
            return done
        return run

    def probe(self, taps):
        """one more flow of this kind"""
        source = A6 if ":" in self.to else A4
        self.port += 1
        port = self.port + (MARKED if self.marked else 42000)
        return Probe(A, (source, port), (self.to, 9), taps, self.size)


def rule(what, **more):
    far = "from 2001" in what
    return Kind(f"rule add pref 900 {what} lookup 102", f"rule del pref 900 {what} lookup 102",
                to=FAR6 if far else FAR4, **more)


def nexthop(to, net, old, new):
    return Kind(f"nexthop replace id 1 {new}", f"nexthop replace id 1 {old}", to=to,
                before=f"nexthop add id 1 {old}\nroute add {net} nhid 1",
                after=f"route del {net}\nnexthop del id 1")


def member(place):
    """(nexthop that carries the probe, another one)"""
    return (11, 12) if place[0] == "B" else (12, 11)


def group(leaves, undo):
    return Kind(leaves, undo, to="198.18.2.9", more=True,
                before=f"""nexthop add id 11 {VIA_B4}
                    nexthop add id 12 {VIA_C4}
                    nexthop add id 10 group 11/12
                    route add 198.18.2.0/24 nhid 10""",
                after="route del 198.18.2.0/24\nnexthop del id 10\nnexthop del id 11\nnexthop del id 12")


def rejoin(place):
    old = member(place)[0]
    return ip(f"nexthop add id {old} {VIA_B4 if old == 11 else VIA_C4}\nnexthop replace id 10 group 11/12")


def port_of_d(event, undo):
    return Kind(event, f"{undo}\n{FDB % 'p4'}", to=D4)


SPEAK_D, SPEAK_E = speaker(D, "d0"), speaker(E, "e0")
KINDS = {
    "neigh4": Kind(f"neigh replace {B4} lladdr {OTHER} dev p2", f"neigh replace {B4} lladdr {B_MAC} dev p2"),
    "neigh6": Kind(f"neigh replace {B6} lladdr {OTHER} dev p2", f"neigh replace {B6} lladdr {B_MAC} dev p2", to=FAR6),
    "fdb-learned": Kind(SPEAK_E, SPEAK_D, to=D4, after=FDB % "p4",
                        before=lambda: bridge(f"fdb del {D_MAC} dev p4 master vlan 10") and SPEAK_D()),
    "fdb-set": Kind(FDB % "p5", FDB % "p4", to=D4),
    "blackhole4": Kind(f"route add blackhole {FAR4}", f"route del blackhole {FAR4}"),
    "blackhole6": Kind(f"route add blackhole {FAR6}", f"route del blackhole {FAR6}", to=FAR6),
    "gateway4": Kind(f"route replace {NET4} {VIA_C4}", f"route replace {NET4} {VIA_B4}"),
    "gateway6": Kind(f"route replace {NET6} {VIA_C6}", f"route replace {NET6} {VIA_B6}", to=FAR6),
    "nexthop4": nexthop("198.18.1.9", "198.18.1.0/24", VIA_B4, VIA_C4),
    "nexthop6": nexthop("2001:db8:8::9", "2001:db8:8::/48", VIA_B6, VIA_C6),
    "group-member-deleted": group(lambda place: ip(f"nexthop del id {member(place)[0]}"), rejoin),
    "group-replaced": group(lambda place: ip(f"nexthop replace id 10 group {member(place)[1]}"),
                            "nexthop replace id 10 group 11/12"),
    "rule-from4": rule(f"from {A4}"),
    "rule-from6": rule(f"from {A6}"),
    "rule-fwmark": rule("fwmark 7", marked=True),
    "rule-dport": rule("ipproto udp dport 9"),
    "rule-iif": rule("iif p1"),
    "table-of-mark": Kind(f"route replace {NET4} {VIA_C4} table 101",
                          f"route replace {NET4} {VIA_B4} table 101", marked=True,
                          before=f"route replace {NET4} {VIA_B4} table 101\nrule add pref 1000 fwmark 7 lookup 101",
                          after="rule del pref 1000 fwmark 7 lookup 101"),
    "forward4": Kind(lambda place: forward4(0), lambda place: forward4(1)),
    "forward6": Kind(lambda place: forward6(0), lambda place: forward6(1), to=FAR6),
    "xfrm-out": Kind(f"xfrm policy add {BYPASS} action block", f"xfrm policy delete {BYPASS}"),
    "xfrm-fwd": Kind(f"xfrm policy add src {A4}/32 dst {FAR4}/32 dir fwd action block",
                     f"xfrm policy delete src {A4}/32 dst {FAR4}/32 dir fwd"),
    "xfrm-bypass-removed": Kind(f"xfrm policy delete {BYPASS}", f"xfrm policy add {BYPASS} priority 10",
                                before=f"xfrm policy add {BYPASS} priority 10\n"
                                f"xfrm policy add dst {FAR4}/32 dir out action block priority 20",
                                after=f"xfrm policy delete {BYPASS}\nxfrm policy delete dst {FAR4}/32 dir out"),
    "route-mtu4": Kind(f"route replace {NET4} {VIA_B4} mtu 1300", f"route replace {NET4} {VIA_B4}", size=BIG),
    "route-mtu6": Kind(f"route replace {NET6} {VIA_B6} mtu lock 1300", f"route replace {NET6} {VIA_B6}",
                       to=FAR6, size=BIG),
    "device-mtu": Kind("link set br0.10 mtu 1300", "link set br0.10 mtu 1500", to=D4, size=BIG),
    "port-mtu": Kind("link set p3 mtu 1300", "link set p3 mtu 1500", to=C4, size=BIG),
    "device-down": Kind("link set br0.10 down", f"link set br0.10 up\n{NEIGH_D}", to=D4),
    "port-down": Kind("link set p3 down", f"link set p3 up\n{NEIGH_C}", to=C4),
    "port-disabled": port_of_d("bridge link set dev p4 state 0", "bridge link set dev p4 state 3"),
    "port-learning": port_of_d("bridge link set dev p4 state 2", "bridge link set dev p4 state 3"),
    "vlan-removed": port_of_d("vlan del dev p4 vid 10", "vlan add dev p4 vid 10 pvid untagged"),
    "vlan-disabled": port_of_d("vlan set dev p4 vid 10 state 0", "vlan set dev p4 vid 10 state 3"),
    "bridge-left": port_of_d("link set p4 nomaster", "link set p4 master br0\nvlan add dev p4 vid 10 pvid untagged"),
    "vrf": Kind("link set p3 master vrf0", f"link set p3 nomaster\n{NEIGH_C}", to=C4),
}


def calls():
    """(rules that the driver has, rules that it destroyed)"""
    with open(debugfs + "/calls", encoding="ascii") as f:
        got = {line.split()[0]: int(line.split()[1]) - int(line.split()[3]) for line in f}
    return got["replace"] - got["destroy"], got["destroy"]


def measure(name, kind):
    took, destroyed = [], 0
    kind.before()
    probe = kind.probe(TAPS)
    want = place = probe.settle(hits, 10)
    probe.go_on(2 * PAUSE)  # all this was an event, too
    for _ in range(tries if place else 0):
        probe.go_on(random.uniform(0.5, 1.5) * PAUSE)
        before = calls()[1]
        took.append(probe.obeyed(lambda: kind.event(place), place, QUIET, GIVE_UP))
        if LIMIT < took[-1] < GIVE_UP:
            print(f"# {name}: {took[-1] * 1000:.0f} ms; the sender's longest pause was {probe.pause * 1000:.0f} ms",
                  flush=True)
        destroyed += calls()[1] - before
        kind.undo(place)
        if kind.more:
            time.sleep(QUIET)
        if hits and calls()[0] < 2 * flows * 97 // 100:
            print("fill", flush=True)
            sys.stdin.readline()
            time.sleep(IDLE)
        # another one, which is elsewhere in the table
        probe.close()
        probe = kind.probe(TAPS)
        place = probe.settle(hits, 15, None if kind.more else want)
        if not place:
            print(f"# {name}: does not flow as before: {probe.burst(10)}")
            break
    probe.close()
    kind.after()
    base()
    if not took:
        print(f"# {name}: does not flow: {probe.burst(10)}")
        return
    took = sorted(round(t * 1e6) for t in took)
    misses = sum(t > LIMIT * 1e6 for t in took)
    print("obey", name, flows, took[-1], took[len(took) // 2], misses, len(took),
          f"{destroyed / len(took):.1f}", flush=True)


unknown = [name for name in sys.argv[10:] if name not in KINDS]
if unknown:
    die(f"no such kind: {unknown}; there are: {' '.join(KINDS)}")
setup()
time.sleep(IDLE if flows else 0)
hits = Stat(R, "p1", "ft_hit") if os.environ["WAY"] == "hardware" else None
TAPS = [Tap("B", B, "b0"), Tap("C", C, "c0"), Tap("D", D, "d0"), Tap("E", E, "e0")]
for chosen in sys.argv[10:] or KINDS:
    measure(chosen, KINDS[chosen])
