# SPDX-License-Identifier: GPL-2.0
"""Part of ft_equal.py: what happens to both worlds.

An event is done (+NAME), and undone (-NAME) some time later, unless it leaves
nothing to undo. Of those that share a slot one is done at a time. "concerns"
tells for which flows the answer may change; all others have to stay in
hardware. It errs on the side of more.
"""
import ipaddress

from ft_equal_world import (FLOWS, HOSTS, MACS, NEIGHBOURS, PREFIX, ROUTER,
                            VLANS, addresses, default, host_addresses,
                            neighbours, port_of, routes, snat, via)


class Event:
    """What can happen: lists of (tool, its lines)"""

    def __init__(self, slot, do, undo, concerns, **more):
        self.slot = slot
        self.do, self.undo = do, undo
        self.concerns = concerns
        # undone at once, as with it nothing else can be seen
        self.heavy = more.pop("heavy", False)
        # {flow name: members of its group}
        self.members = more.pop("members", {})
        # members that no group can use
        self.lost = more.pop("lost", set())
        # does undoing it make all groups as they were at first?
        self.restores = more.pop("restores", False)
        # may the packets that two members of a group get differ?
        self.by_member = more.pop("by_member", False)
        # seconds with traffic until its outcome is looked at, once
        self.wait = more.pop("wait", 0)
        # seconds without traffic
        self.pause = more.pop("pause", 0)
        # function(pair, done): what changes for the hosts
        self.harness = more.pop("harness", None)
        assert not more
        # is there something to undo?
        self.stays = bool(undo or self.harness)


EVENTS = {}


def event(name, slot, do, undo, concerns, **more):
    """Make an event. do, undo: lines of "ip", or a list of (tool, lines)"""
    def steps(what):
        if isinstance(what, str):
            what = [what]
        return [("ip", [w]) if isinstance(w, str) else w for w in what]
    assert name not in EVENTS, name
    EVENTS[name] = Event(slot, steps(do), steps(undo), concerns, **more)


# Which flows are concerned: functions of a flow

def nobody(_):
    """None"""
    return False


def everybody(_):
    """All"""
    return True


def only(*names):
    """Flows with these names"""
    return lambda flow: flow.name in names


def version_is(version):
    """Flows of this IP version"""
    return lambda flow: flow.version == version


def host(*names):
    """Flows from or to these hosts"""
    def concerns(flow):
        addrs = [a for n in names for a in (HOSTS[n].ip4, HOSTS[n].ip6)]
        return flow.client in names or flow.dst in addrs or flow.src in addrs
    return concerns


def far(version):
    """Flows of this IP version by the providers"""
    return lambda flow: flow.version == version and flow.route != "lan"


def prefix(*texts):
    """Flows from or to addresses in these"""
    nets = [ipaddress.ip_network(text) for text in texts]
    return lambda flow: any(ipaddress.ip_address(a) in net for net in nets
                            for a in (flow.src, flow.dst))


def marked(version):
    """Flows with a mark"""
    return lambda flow: flow.version == version and flow.mark


def host_prefix(addr):
    """The address with its length"""
    return f"{addr}/{128 if ':' in addr else 32}"


def route_events(version):
    """Routes, in the main table and in others"""
    w1, w1b, w2 = (via(w, version) for w in ("w1", "w1b", "w2"))
    v = str(version)
    default_route = default(version)
    names = ["u4", "u4-masq", "t4-masq", "p4-masq", "vlan4"] \
        if version == 4 else ["u6", "t6", "p6", "vlan6"]
    lock = "" if version == 4 else "lock "
    for name in names:
        dst = host_prefix(FLOWS[name].dst)
        for what, route in (
                ("w2", f"{dst} {w2}"), ("w1b", f"{dst} {w1b}"),
                ("blackhole", f"blackhole {dst}"),
                ("unreachable", f"unreachable {dst}"),
                ("prohibit", f"prohibit {dst}"), ("throw", f"throw {dst}"),
                ("local", f"local {dst} dev lo"),
                ("mtu", f"{dst} {w1} mtu {lock}1300"),
                ("mtu-w2", f"{dst} {w2} mtu {lock}1300")):
            event(f"route-{what}:{name}", f"route:{name}",
                  f"route add {route}", f"route del {route}", only(name))
        event(f"table101-w2:{name}", f"table101:{name}",
              f"route add {dst} {w2} table 101",
              f"route del {dst} {w2} table 101",
              # rules by source may have this table asked
              far(version))
        if version == 4:
            event(f"route-tos:{name}", f"route-tos:{name}",
                  f"route add {dst} tos 16 {w2}",
                  f"route del {dst} tos 16 {w2}", only(name))
    mark = FLOWS[f"u{v}-mark"]
    dst = host_prefix(mark.dst)
    event(f"table101-host{v}", f"table101-host{v}",
          f"route add {dst} {w2} table 101",
          f"route del {dst} {w2} table 101", far(version))
    for what, line in (
            ("w2", f"route replace {default_route} {w2} table 101"),
            ("none", f"route del {default_route} table 101"),
            ("blackhole",
             f"route replace blackhole {default_route} table 101")):
        undo = [f"route replace {default_route} {w1} table 101"]
        if version == 6 and what == "blackhole":
            # IPv6 has it beside the other one
            undo.insert(0, f"route del blackhole {default_route} table 101")
        event(f"table101-default-{what}{v}", f"table101-default{v}", line,
              undo, far(version))
    # Also those of hosts that are not reached directly any more, see p5.
    event(f"default-w2-{v}", f"default{v}",
          f"route replace {default_route} {w2} metric 100",
          f"route replace {default_route} {w1} metric 100", version_is(version))
    event(f"default-better-{v}", f"default-better{v}",
          f"route add {default_route} {w2} metric 50",
          f"route del {default_route} {w2} metric 50", version_is(version))
    event(f"default-worse-{v}", f"default-worse{v}",
          f"route add {default_route} {w2} metric 500",
          f"route del {default_route} {w2} metric 500", nobody)
    event(f"default-mtu-{v}", f"default{v}",
          f"route replace {default_route} {w1} metric 100 mtu {lock}1300",
          f"route replace {default_route} {w1} metric 100", version_is(version),
          by_member=True)
    event(f"default-none-{v}", f"default{v}",
          f"route del {default_route} metric 100",
          f"route add {default_route} {w1} metric 100", version_is(version),
          heavy=True)
    inner = "203.0.113.8/29" if version == 4 else "2001:db8:f::10/124"
    for what, way in (("w2", w2), ("w1b", w1b)):
        event(f"prefix-{what}{v}", f"prefix{v}", f"route add {inner} {way}",
              f"route del {inner} {way}", prefix(inner))
    for what, dst in (("near", "203.0.113.32/27" if version == 4 else
                       "2001:db8:f::8000/113"),
                      ("far", "198.18.0.0/15" if version == 4 else
                       "2001:db8:ffff::/48")):
        event(f"unrelated-route-{what}{v}", f"unrelated-route-{what}{v}",
              f"route add {dst} {w2}", f"route del {dst} {w2}", nobody)


def rule_events(version):
    """Policy routing"""
    tool = f"ip{version}"
    v = str(version)
    lan = "192.0.2.0/26" if version == 4 else "2001:db8:1::/64"
    one = FLOWS["u4" if version == 4 else "u6"]
    ported = FLOWS["p4-masq" if version == 4 else "p6"]

    def rule(name, pref, what, concerns):
        event(f"rule-{name}{v}", f"rule-{pref}-{v}",
              [(tool, [f"rule add pref {pref} {what}"])],
              [(tool, [f"rule del pref {pref}"])], concerns)
    rule("mark", 950, "fwmark 1 lookup 102", marked(version))
    rule("mark-mask", 950, "fwmark 0x1/0xff lookup 102", marked(version))
    rule("from", 951, f"from {lan} lookup 102", prefix(lan))
    rule("from-host", 952, f"from {host_prefix(HOSTS['h3'].ip4)} lookup 102"
         if version == 4 else
         f"from {host_prefix(HOSTS['h3'].ip6)} lookup 102", host("h3"))
    rule("from-far", 953, f"from {host_prefix(one.dst)} lookup 102",
         only(one.name))
    rule("to", 954, f"to {host_prefix(one.dst)} lookup 102", only(one.name))
    rule("dport", 955, f"ipproto udp dport {port_of(ported)[1]} lookup 102",
         only(ported.name))
    rule("sport", 956, f"ipproto udp sport {port_of(ported)[0]} lookup 102",
         only(ported.name))
    rule("iif-p5", 957, "iif p5 lookup 102", host("h3"))
    rule("iif-br", 958, "iif br0.10 lookup 102", host("h1"))
    rule("iif-p3", 959, "iif p3 lookup 102", version_is(version))
    rule("tos", 960, "tos 16 lookup 102", host("h2"))
    rule("ipproto", 961, "ipproto tcp lookup 102",
         lambda flow: flow.version == version and flow.proto == 6)
    rule("blackhole", 962, f"to {host_prefix(one.dst)} blackhole",
         only(one.name))
    rule("unreachable", 963, "iif p5 unreachable", host("h3"))
    rule("prohibit", 964, f"from {lan} prohibit", prefix(lan))
    rule("unrelated", 965, "fwmark 77 lookup 102", nobody)
    rule("unrelated-from", 966, "from " + ("198.18.0.0/15" if version == 4
         else "2001:db8:ffff::/48") + " lookup 102", nobody)
    event(f"rule-mark-gone{v}", f"rule-1001-{v}",
          [(tool, ["rule del pref 1001"])],
          [(tool, ["rule add pref 1001 fwmark 1 lookup 101"])],
          marked(version))
    event(f"rule-main-gone{v}", f"rule-1000-{v}",
          [(tool, ["rule del pref 1000"])],
          [(tool, ["rule add pref 1000 lookup main suppress_prefixlength 0"])
           ], version_is(version))


def nexthop_events(version):
    """Multipath routes, nexthop objects and groups"""
    at = 0 if version == 4 else 1
    base = 0 if version == 4 else 100
    v = str(version)
    w1, w1b, w2 = (via(w, version) for w in ("w1", "w1b", "w2"))
    ecmp, nhg = f"ecmp{v}", f"nhg{v}"
    dst = PREFIX["ecmp"][at]
    whole = f"route replace {dst} nexthop {w1} nexthop {w2}"
    for what, hops, members in (
            ("w1", w1, {"w1"}), ("w2", w2, {"w2"}), ("w1b", w1b, {"w1b"}),
            ("three", f"nexthop {w1} nexthop {w2} nexthop {w1b}",
             {"w1", "w2", "w1b"}),
            ("weights", f"nexthop {w1} weight 3 nexthop {w2} weight 7",
             {"w1", "w2"})):
        event(f"ecmp-{what}{v}", f"ecmp{v}", f"route replace {dst} {hops}",
              whole, only(ecmp), members={ecmp: members})
    event(f"ecmp-blackhole{v}", f"ecmp-host{v}",
          f"route add blackhole {host_prefix(FLOWS[ecmp].dst)}",
          f"route del blackhole {host_prefix(FLOWS[ecmp].dst)}", only(ecmp),
          members={ecmp: set()})
    ids = {w: base + 10 + i for i, w in enumerate(("w", "w1", "w2"))}
    group = base + 20
    for what, hop in (("w2", w2), ("w1b", w1b), ("blackhole", "blackhole")):
        event(f"nexthop-{what}{v}", f"nexthop{v}",
              [(f"ip{version}",
                [f"nexthop replace id {ids['w']} {hop}"])],
              f"nexthop replace id {ids['w']} {w1}", only(f"nh{v}"))
    whole = f"nexthop replace id {group} group {ids['w1']}/{ids['w2']}"
    for what, hops, members in (
            ("w1", f"{ids['w1']}", {"w1"}), ("w2", f"{ids['w2']}", {"w2"}),
            ("weights", f"{ids['w1']},5/{ids['w2']},9", {"w1", "w2"})):
        event(f"group-{what}{v}", f"group{v}",
              f"nexthop replace id {group} group {hops}", whole, only(nhg),
              members={nhg: members})
    event(f"group-member-del{v}", f"group{v}",
          f"nexthop del id {ids['w2']}",
          [f"nexthop replace id {ids['w2']} {w2}", whole], only(nhg),
          members={nhg: {"w1"}})
    event(f"group-member-del-w1-{v}", f"group{v}",
          f"nexthop del id {ids['w1']}",
          [f"nexthop replace id {ids['w1']} {w1}", whole], only(nhg),
          members={nhg: {"w2"}})
    event(f"group-member-w1b{v}", f"group{v}",
          f"nexthop replace id {ids['w2']} {w1b}",
          f"nexthop replace id {ids['w2']} {w2}", only(nhg),
          members={nhg: {"w1", "w1b"}})
    event(f"group-member-w1-w1b{v}", f"group{v}",
          f"nexthop replace id {ids['w1']} {w1b}",
          f"nexthop replace id {ids['w1']} {w1}", only(nhg),
          members={nhg: {"w1b", "w2"}})
    event(f"unrelated-nexthop{v}", f"unrelated-nexthop{v}",
          f"nexthop add id {base + 90} {w2}", f"nexthop del id {base + 90}",
          nobody)


def neighbour_events(version):
    """Neighbours"""
    v = str(version)
    for name in ("w1", "w2", "h3", "h1"):
        who = HOSTS[name]
        mac = who.mac.replace("00:00:00:00", "00:00:00:01")
        ip = who.ip4 if version == 4 else who.ip6
        provider = name[0] == "w"
        # rules can have other flows leave by a provider
        concerns = version_is(version) if provider else host(name)
        event(f"neigh-mac-{name}-{v}", f"neigh-{name}-{v}",
              f"neigh replace {ip} lladdr {mac} dev {who.port} nud permanent",
              f"neigh del {ip} dev {who.port}", concerns,
              by_member=provider)
        event(f"neigh-del-{name}-{v}", f"neigh-{name}-{v}",
              f"neigh del {ip} dev {who.port}", [], concerns)
        if name != "h1":
            # Packets of the fast path have it found again, not only those
            # that are for the CPU.
            event(f"neigh-flush-{name}-{v}", f"neigh-{name}-{v}",
                  [(f"ip{version}",
                    [f"neigh flush dev {who.port}"])], [], concerns,
                  wait=1)
    other = "192.0.2.140" if version == 4 else "2001:db8:3::40"
    event(f"neigh-unrelated-{v}", f"neigh-unrelated-{v}",
          f"neigh replace {other} lladdr 02:00:00:00:00:99 dev p5 "
          "nud permanent", f"neigh del {other} dev p5", nobody)


def roam(name, announce):
    """A host moves between p1 and p2"""
    dev1, dev2 = ("e1", "e2") if name == "h1" else ("e1.20", "e2.20")

    def moves(pair, done):
        pair.place[name] = "e2" if done else "e1"
        if announce:
            pair.announce(name)
    event(f"roam-{name}{'' if announce else '-silent'}", f"roam-{name}",
          [("host", host_addresses(name, dev1, "del") +
            host_addresses(name, dev2))],
          [("host", host_addresses(name, dev2, "del") +
            host_addresses(name, dev1))], host(name), harness=moves)


def fdb_events():
    """The bridge's forwarding database"""
    for name in ("h1", "h2"):
        roam(name, True)
        roam(name, False)
        vid = HOSTS[name].vlan or 10
        mac = HOSTS[name].mac
        event(f"fdb-static-{name}", f"fdb-{name}",
              [("bridge", [f"fdb replace {mac} dev p2 master static "
                           f"vlan {vid}"])],
              [("bridge", [f"fdb del {mac} dev p2 master vlan {vid}"])],
              host(name))
        event(f"fdb-del-{name}", f"fdb-{name}",
              [("bridge", [f"fdb del {mac} dev p1 master vlan {vid}",
                           f"fdb del {mac} dev p2 master vlan {vid}"])],
              [], host(name))
    event("fdb-flush", "fdb-flush", "link set br0 type bridge fdb_flush", [],
          host("h1", "h2"))
    event("fdb-flush-p1", "fdb-flush",
          "link set p1 type bridge_slave fdb_flush", [], host("h1", "h2"))
    event("fdb-other", "fdb-other",
          [("bridge", [f"fdb replace 02:00:00:00:02:{i:02x} dev p2 master "
                       "dynamic vlan 10" for i in range(8)])],
          [("bridge", [f"fdb replace 02:00:00:00:02:{i:02x} dev p1 master "
                       "dynamic vlan 10" for i in range(8)])], nobody)


def slow_events():
    """What takes its time, while packets flow"""
    def timers(reachable, delay):
        return ("sysctl", [(f"net/{family}/neigh/p5/{key}", value)
                           for family in ("ipv4", "ipv6") for key, value in
                           (("base_reachable_time_ms", reachable),
                            ("delay_first_probe_time", delay))])

    mac = "02:00:00:00:03:33"
    end = [("host", ["link set e5 address " + HOSTS["h3"].mac]),
           ("ip4", ["neigh flush dev p5"]), ("ip6", ["neigh flush dev p5"]),
           timers(NEIGHBOURS["base_reachable_time_ms"],
                  NEIGHBOURS["delay_first_probe_time"])]
    # From stale on, packets make the router look whether it is still there.
    stale = [f"neigh replace {ip} lladdr {HOSTS['h3'].mac} dev p5 nud stale"
             for ip in (HOSTS["h3"].ip4, HOSTS["h3"].ip6)]
    event("silent-mac-h3", "silent-mac",
          [timers(3000, 1), ("ip", stale),
           ("host", [f"link set e5 address {mac}"])], end,
          host("h3"), wait=12, heavy=True)
    event("fdb-ageing", "fdb-ageing",
          "link set br0 type bridge ageing_time 1000",
          "link set br0 type bridge ageing_time 30000", nobody, wait=16,
          heavy=True)


def bridge_events():
    """Bridge ports and VLANs"""
    local = host("h1", "h2")

    def port(name, dev, do, undo, concerns=local):
        event(f"port-{name}-{dev}", f"port-{name.split('.')[0]}-{dev}",
              [("bridge", [f"link set dev {dev} {do}"])],
              [("bridge", [f"link set dev {dev} {undo}"])], concerns)
    for dev in ("p1", "p2"):
        for state, word in enumerate(("disabled", "listening", "learning",
                                      "", "blocking")):
            if word:
                port(f"state.{word}", dev, f"state {state}", "state 3")
    port("learning", "p1", "learning off", "learning on")
    port("flood", "p1", "flood off", "flood on")
    port("isolated", "p1", "isolated on", "isolated off", nobody)
    port("hairpin", "p2", "hairpin on", "hairpin off", nobody)
    port("locked", "p1", "locked on learning off", "locked off learning on")
    event("port-locked-flushed", "port-locked-p1",
          [("bridge", ["link set dev p1 locked on learning off"]),
           ("ip", ["link set p1 type bridge_slave fdb_flush"])],
          [("bridge", ["link set dev p1 locked off learning on"])], local)

    whole = {10: "vid 10 pvid untagged", 20: "vid 20"}

    def vlan(name, vid, lines, undo=()):
        who = ["h1"] if vid == 10 else ["h2"]
        if undo:
            who = ["h1", "h2"]
        event(f"vlan-{name}", f"vlan-{vid}", [("bridge", lines)],
              [("bridge", [*undo, f"vlan add dev p1 {whole[vid]}"])],
              host(*who))
    vlan("removed-10", 10, ["vlan del dev p1 vid 10"])
    vlan("removed-20", 20, ["vlan del dev p1 vid 20"])
    vlan("tagged-10", 10, ["vlan add dev p1 vid 10"])
    vlan("tagged-pvid-10", 10, ["vlan add dev p1 vid 10 pvid"])
    vlan("no-pvid-10", 10, ["vlan add dev p1 vid 10 untagged"])
    vlan("untagged-20", 20, ["vlan add dev p1 vid 20 untagged"])
    vlan("pvid-30", 10, ["vlan add dev p1 vid 30 pvid untagged"],
         ["vlan del dev p1 vid 30"])
    vlan("moved-10", 10, ["vlan del dev p1 vid 10",
                          "vlan add dev p1 vid 20 pvid untagged"],
         ["vlan add dev p1 vid 20"])
    for vid, state, word in ((10, 0, "disabled"), (10, 2, "learning"),
                             (10, 4, "blocking"), (20, 0, "disabled")):
        event(f"vlan-{word}-{vid}", f"vlan-state-{vid}",
              [("bridge", [f"vlan set dev p1 vid {vid} state {state}"])],
              [("bridge", [f"vlan set dev p1 vid {vid} state 3"])],
              host("h1" if vid == 10 else "h2"))
    event("vlan-bridge-10", "vlan-bridge-10",
          [("bridge", ["vlan del dev br0 vid 10 self"])],
          [("bridge", ["vlan add dev br0 vid 10 self"])], host("h1"))
    event("vlan-other", "vlan-other",
          [("bridge", ["vlan add dev p1 vid 40", "vlan add dev p2 vid 40"])],
          [("bridge", ["vlan del dev p1 vid 40", "vlan del dev p2 vid 40"])],
          nobody)
    event("filtering-off", "filtering",
          "link set br0 type bridge vlan_filtering 0",
          "link set br0 type bridge vlan_filtering 1", local, heavy=True)


def device_events():
    """Devices"""
    def flap(dev, concerns, restore, **more):
        event(f"down-{dev}", f"down-{dev}", f"link set {dev} down",
              [f"link set {dev} up", ("running", [dev]), *restore], concerns,
              **more)
    flap("p3", everybody, [("ip", addresses("p3")), ("ip", neighbours()),
                           ("ip", routes("p3"))], heavy=True,
         restores=True, lost={"w1", "w1b"})
    flap("p4", everybody, [("ip", addresses("p4") + routes("p4"))],
         heavy=True, restores=True, lost={"w2"})
    flap("p5", host("h3"), [("ip", addresses("p5"))])
    flap("p1", host("h1", "h2"), [])
    flap("br0.10", host("h1"), [("ip", addresses("br0.10"))])
    flap("br0", host("h1", "h2"),
         [("running", ["br0.10", "br0.20"]),
          ("ip", addresses("br0.10") + addresses("br0.20"))])
    for dev, concerns in (("p3", everybody), ("p4", everybody),
                          ("p5", host("h3"))):
        event(f"mtu-{dev}", f"mtu-{dev}", f"link set {dev} mtu 1300",
              f"link set {dev} mtu 1500", concerns,
              by_member=dev in ("p3", "p4"))
    event("mtu-p1", "mtu-p1", "link set p1 mtu 1300",
          ["link set p1 mtu 1500", "link set br0 mtu 1500",
           "link set br0.10 mtu 1500", "link set br0.20 mtu 1500"],
          host("h1", "h2"))
    for dev, who in (("p5", "h3"), ("p3", "w1")):
        mac = MACS[dev][:-5] + "0b:" + MACS[dev][-2:]

        def renumber(pair, done, dev=dev, mac=mac):
            pair.router_mac[dev] = mac if done else MACS[dev]
        event(f"address-{dev}", f"address-{dev}",
              f"link set {dev} address {mac}",
              f"link set {dev} address {MACS[dev]}",
              host(who) if dev == "p5" else everybody,
              by_member=dev == "p3", harness=renumber)
    event("leaves-p1", "leaves-p1", "link set p1 nomaster",
          ["link set p1 master br0", ("bridge", VLANS[:2])],
          host("h1", "h2"))
    event("joins-p5", "joins-p5", "link set p5 master br1",
          "link set p5 nomaster", host("h3"))
    event("joins-p3", "joins-p3", "link set p3 master br1",
          "link set p3 nomaster", everybody, heavy=True, by_member=True)
    event("vrf-p5", "joins-p5", "link set p5 master vrf0",
          ["link set p5 nomaster", ("running", ["p5"]),
           ("ip", addresses("p5"))], host("h3"))
    event("vrf-p3", "joins-p3", "link set p3 master vrf0",
          ["link set p3 nomaster", ("running", ["p3"]),
           ("ip", addresses("p3")), ("ip", neighbours()),
           ("ip", routes("p3"))], everybody,
          heavy=True, by_member=True, restores=True)
    for dev, concerns in (("p5", host("h3")), ("br0.10", host("h1"))):
        lines = [line.replace("replace", "del").replace(" nodad", "")
                 for line in addresses(dev)]
        event(f"addresses-{dev}", f"addresses-{dev}", lines,
              [("ip", addresses(dev))], concerns)


def switch_events():
    """Is it a router?"""
    def switch(name, key, on, off, concerns, **more):
        event(f"sysctl-{name}", f"sysctl-{name}", [("sysctl", [(key, on)])],
              [("sysctl", [(key, off)])], concerns, **more)
    switch("forward-off4", "net.ipv4.ip_forward", 0, 1, version_is(4),
           heavy=True)
    switch("forward-off6", "net.ipv6.conf.all.forwarding", 0, 1,
           version_is(6), heavy=True)
    switch("forward-off4-p5", "net/ipv4/conf/p5/forwarding", 0, 1,
           host("h3"))
    switch("forward-off4-p3", "net/ipv4/conf/p3/forwarding", 0, 1,
           version_is(4), by_member=True)
    switch("rp-filter-p5", "net/ipv4/conf/p5/rp_filter", 1, 0, host("h3"))
    switch("rp-filter-p3", "net/ipv4/conf/p3/rp_filter", 1, 0, version_is(4))
    switch("rp-filter-p4", "net/ipv4/conf/p4/rp_filter", 1, 0, version_is(4))


def xfrm_events():
    """IPsec policies"""
    def policy(name, selector, direction, concerns, tmpl="", states=()):
        line = f"{selector} dir {direction}"
        event(f"xfrm-{name}", f"xfrm-{name}",
              [("ip", [f"xfrm state add {s} mode tunnel enc "
                       'ecb(cipher_null) "" auth digest_null ""'
                       for s in states] +
                [f"xfrm policy add {line} {tmpl or 'action block'}"])],
              [("ip", [f"xfrm policy delete {line}"] +
                [f"xfrm state delete {s}" for s in states])],
              concerns)
    for v, lan, inet in ((4, "192.0.2.0/26", "203.0.113.0/24"),
                         (6, "2001:db8:1::/64", "2001:db8:f::/48")):
        me = ROUTER[3][1 if v == 4 else 2].split("/")[0]
        peer = HOSTS["w1"].ip4 if v == 4 else HOSTS["w1"].ip6
        concerned = prefix(lan)
        policy(f"block-out{v}", f"src {lan} dst {inet}", "out", concerned)
        policy(f"block-back{v}", f"src {inet} dst {lan}", "out", concerned)
        policy(f"block-fwd{v}", f"src {lan} dst {inet}", "fwd", concerned)
        state = f"src {me} dst {peer} proto esp spi {0x100 + v:#x}"
        policy(f"esp{v}", f"src {lan} dst {inet}", "out", concerned,
               f"tmpl src {me} dst {peer} proto esp spi {0x100 + v:#x} "
               "mode tunnel", [state])
        # With both, removing the first is what changes something.
        policy(f"allow{v}", f"src {lan} dst {inet}", "out", concerned,
               "action allow priority 10")
        wide = lan.replace("/26", "/24").replace("1::/64", ":/32")
        policy(f"block-wide{v}", f"src {wide} dst {inet}", "out",
               far(v), "action block priority 20")
        one = FLOWS["p4-masq" if v == 4 else "p6"]
        sport, dport = port_of(one)
        src = me if one.nat else one.src
        policy(f"block-port{v}", f"src {src} dst {one.dst} proto udp sport "
               f"{sport} dport {dport}", "out", only(one.name))
        policy(f"unrelated{v}", "src 198.18.0.0/15 dst 198.18.0.0/15"
               if v == 4 else
               "src 2001:db8:ffff::/48 dst 2001:db8:ffff::/48", "out",
               nobody)


def ruleset_events():
    """NAT and connection tracking"""
    event("reload", "reload", [("nft", [])], [], everybody)
    event("reload-snat", "reload", [("nft", ["snat ip to 198.51.100.9"])],
          [("nft", [])], everybody)
    for name in ("u4", "u4-masq", "u6", "t4-masq", "vlan4", "lan6"):
        family = "ipv6" if FLOWS[name].version == 6 else "ipv4"
        proto = "tcp" if FLOWS[name].proto == 6 else "udp"
        event(f"conntrack-del:{name}", f"conntrack:{name}",
              [("conntrack", [f"-D -f {family} -p {proto} "
                              f"--dport {port_of(FLOWS[name])[1]}"])],
              [], only(name))
    event("conntrack-flush", "conntrack-flush", [("conntrack", ["-F"])], [],
          everybody)
    # connections that come now have another address, those before them do not
    event("conntrack-snat", "conntrack-snat",
          [("nft-text", [snat("198.51.100.8")]), ("conntrack", ["-F"])],
          [("nft-text", ["delete table ip snat"]), ("conntrack", ["-F"])],
          everybody)


def host_events(version):
    """What hosts do that routers have not planned for"""
    v = str(version)
    one, other = FLOWS[f"u{v}"], FLOWS[f"spoof{v}"]
    anew = ("conntrack", [f"-D -f ipv{v} -p udp --dport {port_of(one)[1]}"])

    def other_way(pair, done):
        (pair.other_way.add if done else pair.other_way.discard)(one)
    # There is a route of less weight by the other provider, which answers
    # come from. What is in hardware may take a second to leave.
    worse = f"{default(version)} {via('w2', version)} metric 600"
    event(f"asymmetric{v}", f"asymmetric{v}",
          [("ip", [f"route add {worse}"]), anew],
          [("ip", [f"route del {worse}"]), anew], only(one.name),
          harness=other_way, pause=1.3)

    def spoof(pair, done):
        (pair.running.append if done else pair.running.remove)(other)
    # h3 could be reached by the address that it uses, but for the routes.
    mac = HOSTS["h3"].mac
    event(f"spoof{v}", f"spoof{v}",
          [f"neigh replace {other.src} lladdr {mac} dev p5 nud permanent",
           ("conntrack", [f"-D -f ipv{v} -p udp --dport "
                          f"{port_of(other)[1]}"])],
          f"neigh del {other.src} dev p5", only(other.name), harness=spoof,
          pause=1.3)


def all_events():
    """Fill EVENTS"""
    for version in (4, 6):
        route_events(version)
        rule_events(version)
        nexthop_events(version)
        neighbour_events(version)
        host_events(version)
    fdb_events()
    slow_events()
    bridge_events()
    device_events()
    switch_events()
    xfrm_events()
    ruleset_events()


all_events()
