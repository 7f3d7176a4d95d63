# SPDX-License-Identifier: GPL-2.0
"""Part of ft_equal.py: two worlds that get the same packets and the same
events, and what differs.
"""
import collections
import time

from ft_equal_events import EVENTS
from ft_equal_packets import (ACK, MAGIC, ORIGINAL, PSH, REPLY, SYN, TCP, UDP,
                              Frame, address, frame, mac, packet, payload,
                              transport)
from ft_equal_world import (FLOWS, FROM_START, HOSTS, MACS, OTHER, PROVIDERS,
                            World, port_of, target)

# Kinds of packets. Large ones fit 1500 and not 1300 bytes.
WARM, SMALL, LARGE_DF, LARGE, TTL = range(5)
SIZE = {WARM: 60, SMALL: 100, LARGE_DF: 1372, LARGE: 1372, TTL: 100}
MEASURED = [SMALL, LARGE_DF, LARGE, TTL, SMALL]
GROUPS = ("ecmp", "nhg")
# commands that may fail in one world only: what they are about comes and goes
# with packets
BY_TRAFFIC = ("neigh ", "fdb ")
# How many rounds later a flow may leave that was concerned. The mark in
# conntrack, by which those in software are known, goes away last.
ROUNDS_TO_LEAVE = {None: 1, "": 4, "offload": 1}


class Pair:
    """The oracle, which has no flowtable, and the other world. mode: the
    flags of the other's flowtable, or None"""

    def __init__(self, name, mode, args):
        self.args = args
        self.place = {"h1": "e1", "h2": "e1", "h3": "e5", "w1": "e3"}
        self.router_mac = dict(MACS)
        self.other_way = set()
        self.running = [FLOWS[n] for n in FROM_START]
        # names of the events that are done, and of those that another one has
        # made of no effect on groups
        self.active = []
        self.overridden = set()
        self.number = self.warmed = 0
        self.late = []
        # steps of the last rounds, oldest first
        self.recent = []
        # flow: (device, address, port) that replies go from and to
        self.last = {}
        self.passing = set()
        self.worlds = [World(f"{name}-o", None)]
        try:
            self.worlds.append(World(f"{name}-f", mode))
        except BaseException:
            self.worlds[0].remove()
            raise
        self.mode = mode

    def remove(self):
        """Remove both"""
        for world in self.worlds:
            world.remove()

    # Packets

    def announce(self, name):
        """A frame of a host that is for nobody, so that bridges learn"""
        host = HOSTS[name]
        data = packet(address("0.0.0.0"), address("255.255.255.255"), 253,
                      b"", 1, 0, False, 0)
        data = frame(b"\xff" * 6, mac(host.mac), host.vlan, data)
        for world in self.worlds:
            world.wire.send(self.place[name], data)

    def _original(self, flow):
        """Where packets of the original direction enter, and how"""
        host = HOSTS[flow.client]
        return (self.place[flow.client], host.vlan, host.mac,
                self.router_mac[host.gateway], address(flow.src),
                address(target(flow)), *port_of(flow))

    def _reply(self, flow):
        """The same of the reply direction"""
        sport, dport = port_of(flow)
        dev, addr, port = self.last.get(
            flow.name, ("e3", address(flow.src), sport))
        if flow.route in ("lan", "dnat"):
            host = HOSTS["h1"]
            dev = self.place["h1"]
        else:
            if flow in self.other_way:
                dev = OTHER[dev]
            host = HOSTS[PROVIDERS[dev]]
        return (dev, host.vlan, host.mac, self.router_mac[host.gateway],
                address(flow.dst), addr, dport, port)

    def _send(self, flow, direction, kind, number, flags=PSH | ACK):
        """Send a packet in both worlds; its key"""
        if kind == LARGE and flow.version == 6:
            return None
        dev, tag, src_mac, dst_mac, src, dst, sport, dport = \
            self._reply(flow) if direction else self._original(flow)
        ttl = 1 if kind == TTL else 61 if direction else 64
        data = payload(flow.ident, direction, kind, number, SIZE[kind])
        data = transport(flow.proto, src, dst, sport, dport, data, flags,
                         direction)
        # with this flow label a group's hash names another member than
        # without one
        data = packet(src, dst, flow.proto, data, ttl, number,
                      kind != LARGE, flow.tos, flow.ident * 0x1357)
        data = frame(mac(dst_mac), mac(src_mac), tag, data)
        for world in self.worlds:
            if world.wire.send(dev, data):
                # full: what is on its way has to get there first
                time.sleep(.01)
                world.wire.send(dev, data)
        return flow.ident, direction, kind, number

    def _gather(self):
        """What has come out of both worlds, when no more comes: frames by
        the packet that they are about"""
        found = [collections.defaultdict(list) for _ in self.worlds]
        counts = [0, 0]
        quiet, end = 0, time.monotonic() + (.5 if self.args.slow else .08)
        while quiet < 2 or (counts[0] != counts[1] and
                            time.monotonic() < end):
            quiet += 1
            for at, world in enumerate(self.worlds):
                for dev, tag, data in world.wire.receive():
                    quiet = 0
                    if MAGIC not in data:
                        continue
                    this = Frame(dev, tag, data)
                    if this.key and not this.chatter():
                        found[at][this.key].append(this)
                        counts[at] += 1
            time.sleep(.02 if self.args.slow else .004)
        return found

    def _learn(self, found):
        """Where the oracle's packets have got to, for replies"""
        by_ident = {flow.ident: flow for flow in self.running}
        for (ident, direction, _, _), frames in found[0].items():
            flow = by_ident.get(ident)
            for this in frames:
                if flow and direction == ORIGINAL and this.ports and \
                        this.proto == flow.proto and \
                        (this.dev in PROVIDERS or
                         flow.route in ("lan", "dnat")):
                    self.last[flow.name] = (this.dev, this.ip_src,
                                            this.ports[0])

    def exchange(self, flows, kinds, flags=(PSH | ACK, PSH | ACK)):
        """Send packets of these kinds in both directions: what came of them
        in both worlds, and what was sent"""
        self.number += 1
        everything = [{}, {}]
        sent = []
        for direction in (ORIGINAL, REPLY):
            for at, kind in enumerate(kinds):
                for flow in flows:
                    sent.append(self._send(flow, direction, kind,
                                           self.number * 8 + at,
                                           flags[direction]))
            found = self._gather()
            if direction == ORIGINAL:
                self._learn(found)
            for mine, more in zip(everything, found):
                for key, frames in more.items():
                    mine.setdefault(key, []).extend(frames)
        return everything, [key for key in sent if key]

    # What differs

    def living(self, flow):
        """Of a flow to a group: the members that are left; None: cannot be
        compared, as members differ"""
        members = {"w1", "w2"}
        for name in self.active:
            this = EVENTS[name]
            if this.by_member and this.concerns(flow):
                return None
            if members and name not in self.overridden:
                members = this.members.get(flow.name, members)
        return members.difference(*(EVENTS[name].lost
                                    for name in self.active))

    def _same(self, flow, direction, members, this):
        """What has to be the same of a frame"""
        same = this.same()
        if flow.route in GROUPS and direction == ORIGINAL and \
                this.proto == UDP:
            for name in members:
                host = HOSTS[name]
                if same[:2] == (host.dev, mac(host.mac)):
                    return "a member", *same[3:]
        return same

    def _compare(self, flows, found, sent):
        """Lines that say what differs, by flow"""
        by_ident = {flow.ident: flow for flow in flows}
        differs = {}
        for key in sent:
            flow = by_ident[key[0]]
            members = self.living(flow) if flow.route in GROUPS else ()
            if members is None and key[1] == ORIGINAL:
                continue
            both = [sorted(map(repr, (self._same(flow, key[1], members, f)
                                      for f in world.get(key, ()))))
                    for world in found]
            if both[0] == both[1]:
                continue
            what = ["original", "reply"][key[1]] + " direction, " + \
                ["", "small", "large DF", "large", "TTL 1"][key[2]]
            want, got = ([str(f) for f in world.get(key, ())] or ["nothing"]
                         for world in found)
            differs.setdefault(flow.name, []).append(
                f"flow {flow.name}, {what}: want {'; '.join(want)}, "
                f"got {'; '.join(got)}")
        return differs

    def _warm(self, flows):
        """Have neighbours found, and flows made: by a packet of the reply
        direction, or by one of the original direction where two come first"""
        self.warmed += 1
        self.exchange(flows, [WARM] * (1 + (self.warmed % 3 == 0)))

    def probe(self, flows):
        """Send packets of these flows and compare"""
        self._warm(flows)
        found, sent = self.exchange(flows, MEASURED)
        for flow in flows:
            ways = {key[1] for key in found[0] if key[0] == flow.ident and
                    key[2] == SMALL}
            (self.passing.add if len(ways) == 2 else
             self.passing.discard)(flow.name)
        return self._compare(flows, found, sent)

    def unresolved(self):
        """Is a neighbour being looked for in one of the worlds?"""
        return any(world.unresolved() for world in self.worlds)

    def differences(self, patient):
        """The same of all flows, again where it differs: neighbours may
        have had to be found first, or flows were just leaving"""
        differs = self.probe(self.running)
        first, tries = differs, 0
        while differs and patient and (tries < self.args.retries or
                                       (tries < 10 and self.unresolved())):
            tries += 1
            time.sleep(.15)
            differs = self.probe([f for f in self.running
                                  if f.name in differs])
        if first and not differs:
            self.late.append((tries, list(self.recent), first))
        return differs

    # Events

    def fast(self):
        """What is in the fast path of the other world"""
        return self.worlds[1].fast()

    def possible(self, step):
        """Can this step be taken now?"""
        name = step[1:]
        if step[0] == "-":
            return name in self.active
        slots = [EVENTS[active].slot for active in self.active]
        return EVENTS[name].slot not in slots

    def take(self, step):
        """Do or undo an event in both worlds; what their tools say
        differently"""
        name = step[1:]
        this, done = EVENTS[name], step[0] == "+"
        differs = []
        for tool, lines in this.do if done else this.undo:
            errors = [[error for error in world.apply(tool, lines)
                       if not error.startswith(BY_TRAFFIC)]
                      for world in self.worlds]
            if errors[0] != errors[1]:
                differs.append(f"{step}: errors: want {errors[0]}, "
                               f"got {errors[1]}")
        if this.harness:
            this.harness(self, done)
        if not done:
            self.active.remove(name)
            self.overridden.discard(name)
            if this.restores:
                self.overridden.update(self.active)
        elif this.stays:
            self.active.append(name)
        return differs

    def round(self, steps):
        """Take these steps, and compare: lines that say what differs"""
        before = self.fast()
        steps = [step for step in steps if self.possible(step)]
        self.recent = self.recent[-ROUNDS_TO_LEAVE[self.mode]:] + [steps]
        concerned = [step for some in self.recent for step in some]
        errors = []
        for step in steps:
            errors += self.take(step)
        wait = max((EVENTS[step[1:]].wait for step in steps
                    if step[0] == "+"), default=0)
        sent = self._wait(wait)
        time.sleep(max(self.args.settle / 1000, *(EVENTS[step[1:]].pause
                                                  for step in steps), 0))
        after = self.fast()
        lines = errors
        for flow in self.running:
            if not self.args.packets and flow.name in before and not any(
                    EVENTS[step[1:]].concerns(flow)
                    for step in concerned):
                lines += self._stayed(flow, before[flow.name],
                                      after.get(flow.name, {}), sent)
        for flow_lines in self.differences(not wait).values():
            lines += flow_lines
        return lines

    def _wait(self, seconds):
        """Have packets flow for so long, none of which is for the CPU: how
        many of each flow and direction, at least"""
        end = time.monotonic() + seconds
        sent = 0
        while time.monotonic() < end:
            self._warm(self.running)
            sent += 1
            time.sleep(.2)
        return sent

    def _stayed(self, flow, before, after, sent):
        """Are all rules of a flow there, and not made anew? They have counted
        on, in hardware all that was sent."""
        if self.mode != "offload" or flow.name not in self.passing:
            sent = 0
        # where its packets enter, which need not be where answers leave
        ports = ["in=" + way(flow)[0].replace("e", "p")
                 for way in (self._original, self._reply)]
        gone = [match for match, packets in before.items()
                if after.get(match, -1) <
                packets + (sent if match.split()[0] in ports else 0)]
        return [f"flow {flow.name}: left the fast path though nothing "
                f"concerned it: {match}" for match in gone]

    def establish(self, seconds=10):
        """Get all flows into the fast path: lines about those that do not
        pass, or are not there in the end"""
        end = time.monotonic() + seconds
        tcp = [f for f in self.running if f.proto == TCP]
        self.exchange(tcp, [WARM], (SYN, SYN | ACK))
        while True:
            self.probe(self.running)
            lines = [f"flow {flow.name}: does not pass"
                     for flow in self.running if flow.name not in self.passing]
            if self.mode is not None:
                fast = self.fast()
                lines += [f"flow {flow.name}: not in the fast path"
                          for flow in self.running if flow.name not in fast]
            if not lines or time.monotonic() > end:
                return lines
            time.sleep(.1)
