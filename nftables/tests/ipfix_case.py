# SPDX-License-Identifier: GPL-2.0-or-later
# What test cases of "export ipfix" share: flows, a run of the tool, what records have to say.
import os, subprocess

import ipfix

tool, scratch = os.environ["TOOL"], os.environ["SCRATCH"]
out = scratch + "/out.ipfix"
os.environ["ASAN_OPTIONS"] += ":malloc_context_size=0"
os.environ["RES_OPTIONS"] = "timeout:1 attempts:1"   # a name that does not exist takes no time
BEGIN = 1700000000000 + 10000   # when the emulated clock begins


def result(good, name, why=""):
    print(("ok " if good else "not ok ") + name)
    if not good:
        print(why)


def run(lines, *args, **more):
    """Exports the events of a fixture. Returns exit code and stderr."""
    path = scratch + "/ipfix-fixture"
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    got = subprocess.run([tool, "export", "ipfix", *args], capture_output=True, text=True,
                         env=dict(os.environ, FIXTURE=path), stdin=subprocess.DEVNULL, **more)
    assert not got.stdout, got.stdout
    return got.returncode, got.stderr


def from_file(lines, *args):
    code, err = run(lines, "file", out, *args)
    reader = ipfix.Reader()
    left = reader.stream(open(out, "rb").read())
    assert not left, "bytes after the last message"
    return code, err, reader


def totals_line(records, messages, packets, octets, lost=0, events=0):
    return f"{records} records in {messages} messages: {packets} packets, {octets} bytes; " \
           f"{lost} records not delivered; {events} events lost\n"


class Flow:
    """A flow as the fixture has it, and what its records have to say."""

    def __init__(self, number, v6=False, nat=False, hw=True):
        self.id, self.v6, self.nat = number, v6, nat
        a, b = number >> 8 & 255, number & 255
        self.saddr = f"2001:db8:1::{number:x}" if v6 else f"10.1.{a}.{b}"
        self.daddr = f"2001:db8:2::{number:x}" if v6 else f"198.51.{a}.{b}"
        self.post = ("2001:db8:3::1", f"2001:db8:4::{number:x}") if v6 else \
            ("203.0.113.1", f"10.9.{a}.{b}")
        if not nat:
            self.post = self.saddr, self.daddr
        self.ports = number % 60000 + 1, 443
        self.post_ports = (number % 50000 + 1025, 8443) if nat else self.ports
        # octets of a direction in software and in hardware; packets
        self.bytes = [[number * 7 + 60, number * 1001 if hw else 0],
                      [number * 3 + 40, number * 100003 if hw else 0]]
        self.packets = [[number % 5 + 1, number % 1000 if hw else 0],
                        [number % 3 + 1, number % 2000 if hw else 0]]

    def text(self, **more):
        (sw, hw), (rsw, rhw) = [list(zip(p, b)) for p, b in zip(self.packets, self.bytes)]
        pair = lambda c: f"{c[0]}/{c[1]}"
        words = dict(id=self.id, family=1, table="t", flowtable="f", l4=6 if self.id % 2 else 17,
                     state=2, iif=3, oif=4, saddr=self.saddr, daddr=self.daddr, sport=self.ports[0],
                     dport=self.ports[1], sw=pair(sw), hw=pair(hw), age=5000)
        words |= {"r.saddr": self.post[1], "r.daddr": self.post[0], "r.sport": self.post_ports[1],
                  "r.dport": self.post_ports[0], "r.sw": pair(rsw), "r.hw": pair(rhw)}
        return " ".join(f"{k}={v}" for k, v in (words | more).items())

    def record(self):
        """What all records of it add up to, and what each has."""
        family = "6" if self.v6 else "4"
        same = {f"sourceIPv{family}Address": self.saddr, f"destinationIPv{family}Address": self.daddr,
                "sourceTransportPort": self.ports[0], "destinationTransportPort": self.ports[1],
                "protocolIdentifier": 6 if self.id % 2 else 17, "ingressInterface": 3,
                "egressInterface": 4, "flowId": self.id, "biflowDirection": 1}
        if self.nat:
            same |= {f"postNATSourceIPv{family}Address": self.post[0],
                     f"postNATDestinationIPv{family}Address": self.post[1],
                     "postNAPTSourceTransportPort": self.post_ports[0],
                     "postNAPTDestinationTransportPort": self.post_ports[1]}
        counts = {}
        for d, reverse in enumerate(("", "reverse")):
            name = lambda n: reverse + n if reverse else n[0].lower() + n[1:]
            for what, unit in (self.bytes[d], "Octet"), (self.packets[d], "Packet"):
                counts[name(f"{unit}DeltaCount")] = sum(what)
                counts[name(f"Software{unit}DeltaCount")] = what[0]
                counts[name(f"Hardware{unit}DeltaCount")] = what[1]
        return same, counts


def differs(flows, records):
    """What is wrong in the records of these flows, or an empty text."""
    by_id = {}
    for r in records:
        by_id.setdefault(r["flowId"], []).append(r)
    if set(by_id) != {f.id for f in flows}:
        return f"flows: {sorted(set(by_id) ^ {f.id for f in flows})[:10]}"
    for f in flows:
        same, counts = f.record()
        got = by_id[f.id]
        if ipfix.totals(got) != counts:
            return f"flow {f.id}: {ipfix.totals(got)}, wanted {counts}"
        for r in got:
            if not same.items() <= r.items() or any("post" in k and k not in same for k in r):
                return f"flow {f.id}: {r}, wanted {same}"
    return ""


def totals_of(flows):
    return sum(sum(map(sum, f.packets)) for f in flows), sum(sum(map(sum, f.bytes)) for f in flows)


def start(lines, *args):
    path = scratch + "/ipfix-fixture"
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    return subprocess.Popen([tool, "export", "ipfix", *args], stderr=subprocess.PIPE, text=True,
                            env=dict(os.environ, FIXTURE=path), stdin=subprocess.DEVNULL)
