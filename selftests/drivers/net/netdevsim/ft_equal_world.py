# SPDX-License-Identifier: GPL-2.0
"""Part of ft_equal.py: a world, which is a router and the hosts around it.

             hosts                      router
  LAN        h1  e1 +------------+ p1 +- br0 -- br0.10
             h2  e2 +------------+ p2 +     \\-- br0.20
             h3  e5 +------------+ p5
  providers  w1  e3 +------------+ p3
             w2  e4 +------------+ p4

The bridge is aware of VLANs: h1 sends without tag, in VLAN 10, h2 with tag, in
VLAN 20. Both are behind p1 and can move to p2. Behind either provider is the
same rest of the internet, 203.0.113.0/24 and 2001:db8:f::/48. w1 has a second
router, w1b.

p1 to p5 are ports of one emulated switch. The hosts share a namespace, which
answers ARP and neighbour solicitations, no more: what flows is made from
packets that are sent and captured at e1 to e5.
"""
import collections
import time

from ft_equal_net import Batch, Netns, Switch, Wire, link
from ft_equal_packets import TCP, UDP

Host = collections.namedtuple("Host", "dev vlan mac ip4 ip6 port gateway")
Flow = collections.namedtuple(
    "Flow", "ident name version proto client src dst route nat mark tos")

# VLAN aware bridge: what it has on p1 and p2
VLANS = [f"vlan add dev {p} {v}" for p in ("p1", "p2")
         for v in ("vid 10 pvid untagged", "vid 20")]

HOSTS = {
    "h1": Host("e1", 0, "02:00:00:00:00:11", "192.0.2.2", "2001:db8:1::2",
               "br0.10", "br0"),
    "h2": Host("e1", 20, "02:00:00:00:00:22", "192.0.2.66", "2001:db8:2::2",
               "br0.20", "br0"),
    "h3": Host("e5", 0, "02:00:00:00:00:33", "192.0.2.130", "2001:db8:3::2",
               "p5", "p5"),
    "w1": Host("e3", 0, "02:00:00:00:00:41", "198.51.100.2", "2001:db8:a::2",
               "p3", "p3"),
    "w1b": Host("e3", 0, "02:00:00:00:00:4b", "198.51.100.3",
                "2001:db8:a::3", "p3", "p3"),
    "w2": Host("e4", 0, "02:00:00:00:00:42", "198.51.100.130",
               "2001:db8:b::2", "p4", "p4"),
}
PROVIDERS = {"e3": "w1", "e4": "w2"}
OTHER = {"e3": "e4", "e4": "e3"}

# the router's addresses, those at w1 are the fourth, and link layer addresses
ROUTER = [("br0.10", "192.0.2.1/26", "2001:db8:1::1/64"),
          ("br0.20", "192.0.2.65/26", "2001:db8:2::1/64"),
          ("p5", "192.0.2.129/26", "2001:db8:3::1/64"),
          ("p3", "198.51.100.1/25", "2001:db8:a::1/64"),
          ("p4", "198.51.100.129/25", "2001:db8:b::1/64")]
MACS = {"p1": "02:00:00:00:00:a1", "p2": "02:00:00:00:00:a2",
        "p3": "02:00:00:00:00:a3", "p4": "02:00:00:00:00:a4",
        "p5": "02:00:00:00:00:a5", "br0": "02:00:00:00:00:a0"}
PORTS = ["p1", "p2", "p3", "p4", "p5"]

# where flows go that the default route is not for
PREFIX = {"ecmp": ("203.0.113.64/26", "2001:db8:f:1::/64"),
          "nh": ("203.0.113.128/26", "2001:db8:f:2::/64"),
          "nhg": ("203.0.113.192/26", "2001:db8:f:3::/64")}


def via(name, version):
    """"via ADDRESS dev DEVICE" of a provider"""
    host = HOSTS[name]
    return f"via {host.ip4 if version == 4 else host.ip6} dev {host.port}"


def default(version):
    """The prefix of a default route"""
    return "0.0.0.0/0" if version == 4 else "::/0"


def _flows():
    """The flows of all worlds"""
    # name, IP version, protocol, client, destination, route, NAT, mark, tos
    table = [
        ("u4", 4, UDP, "h1", "203.0.113.10", "default", "", 0, 0),
        ("u4-masq", 4, UDP, "h1", "203.0.113.11", "default", "masq", 0, 0),
        ("u4-mark", 4, UDP, "h1", "203.0.113.12", "default", "", 1, 0),
        ("t4-masq", 4, TCP, "h1", "203.0.113.13", "default", "masq", 0, 0),
        ("u6", 6, UDP, "h1", "2001:db8:f::10", "default", "", 0, 0),
        ("u6-mark", 6, UDP, "h1", "2001:db8:f::12", "default", "", 1, 0),
        ("t6", 6, TCP, "h1", "2001:db8:f::13", "default", "", 0, 0),
        ("vlan4", 4, UDP, "h2", "203.0.113.14", "default", "", 0, 16),
        ("vlan6", 6, UDP, "h2", "2001:db8:f::14", "default", "", 0, 16),
        ("lan4", 4, UDP, "h3", "192.0.2.2", "lan", "", 0, 0),
        ("lan6", 6, UDP, "h3", "2001:db8:1::2", "lan", "", 0, 0),
        ("p4-masq", 4, UDP, "h3", "203.0.113.15", "default", "masq", 0, 0),
        ("p6", 6, UDP, "h3", "2001:db8:f::15", "default", "", 0, 0),
        ("ecmp4", 4, UDP, "h3", "203.0.113.70", "ecmp", "", 0, 0),
        ("ecmp6", 6, UDP, "h3", "2001:db8:f:1::10", "ecmp", "", 0, 0),
        ("nh4", 4, UDP, "h1", "203.0.113.130", "nh", "", 0, 0),
        ("nh6", 6, UDP, "h1", "2001:db8:f:2::10", "nh", "", 0, 0),
        ("nhg4", 4, UDP, "h3", "203.0.113.200", "nhg", "", 0, 0),
        ("nhg6", 6, UDP, "h3", "2001:db8:f:3::10", "nhg", "", 0, 0),
        ("between4", 4, UDP, "h2", "192.0.2.2", "lan", "", 0, 0),
        ("p6-masq", 6, UDP, "h3", "2001:db8:f::16", "default", "masq", 0, 0),
        # from outside to an address of the router's, which is that of h1
        ("dnat4", 4, UDP, "w1", "192.0.2.2", "dnat", "dnat", 0, 0),
        ("dnat6", 6, UDP, "w1", "2001:db8:1::2", "dnat", "dnat", 0, 0),
        # by another way than a packet without mark
        ("u4-other", 4, UDP, "h1", "203.0.113.17", "default", "", 2, 0),
    ]
    flows = {}
    for ident, row in enumerate(table, 1):
        name, version, proto, client, dst, route, nat, mark, tos = row
        src = HOSTS[client].ip4 if version == 4 else HOSTS[client].ip6
        if client == "w1":
            src = "203.0.113.30" if version == 4 else "2001:db8:f::30"
        flows[name] = Flow(ident, name, version, proto, client, src, dst,
                           route, nat, mark, tos)
    # h3 uses the address of h1, which gets the answers
    for version, dst in ((4, "203.0.113.20"), (6, "2001:db8:f::20")):
        ident = len(flows) + 1
        src = HOSTS["h1"].ip4 if version == 4 else HOSTS["h1"].ip6
        flows[f"spoof{version}"] = Flow(
            ident, f"spoof{version}", version, UDP, "h3", src, dst,
            "default", "", 0, 0)
    return flows


FLOWS = _flows()
FROM_START = [name for name in FLOWS if not name.startswith("spoof")]


def port_of(flow):
    """(source, destination) port of the original direction"""
    return 40000 + flow.ident, 7000 + flow.ident


def target(flow):
    """The address that the client sends to"""
    if flow.nat != "dnat":
        return flow.dst
    return ROUTER[3][1 if flow.version == 4 else 2].split("/")[0]


BY_PORT = {port_of(flow)[1]: flow for flow in FLOWS.values()}

SYSCTLS = {
    "net.ipv4.ip_forward": 1,
    "net.ipv6.conf.all.forwarding": 1,
    "net.ipv4.conf.all.rp_filter": 0,
    "net.ipv4.conf.default.rp_filter": 0,
    "net.ipv4.conf.all.send_redirects": 0,
    "net.ipv4.conf.default.send_redirects": 0,
    "net.ipv4.icmp_ratelimit": 0,
    "net.ipv4.icmp_msgs_per_sec": 1000000,
    "net.ipv4.icmp_msgs_burst": 1000000,
    "net.ipv6.icmp.ratelimit": 0,
    "net.ipv4.fib_multipath_hash_policy": 1,
    # by flow label, which nobody knows of packets that are to come
    "net.ipv6.fib_multipath_hash_policy": 0,
    "net.ipv4.fib_multipath_hash_seed": 1,
    "net.ipv6.conf.all.keep_addr_on_down": 1,
    "net.netfilter.nf_conntrack_udp_timeout": 3600,
    "net.netfilter.nf_conntrack_udp_timeout_stream": 3600,
    "net.netfilter.nf_conntrack_tcp_be_liberal": 1,
}
# The hosts have no address but ours, so that none speaks who was not asked. The
# router needs its own, to look for neighbours.
HOST_SYSCTLS = {"net.ipv6.conf.default.addr_gen_mode": 1}
QUIET = {
    "net.ipv6.conf.default.accept_ra": 0,
    "net.ipv6.conf.default.accept_dad": 0,
    "net.ipv4.conf.all.arp_ignore": 1,
    "net.ipv4.conf.default.arp_ignore": 1,
}
# Neighbours last, so that no time of theirs ends in one world and not yet in
# the other; those that do not answer are soon known.
NEIGHBOURS = {"base_reachable_time_ms": 7200000, "retrans_time_ms": 250,
              "delay_first_probe_time": 3600}

FILTER = """
table inet filter {
	chain input {
		type filter hook input priority 0
		meta l4proto { tcp, udp } drop
	}
}
"""
HOST_FILTER = """
table inet filter {
	chain first {
		type filter hook prerouting priority 0
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		drop
	}
}
table netdev quiet {
	chain out {
		type filter hook egress devices = { e1, e2, e3, e4, e5 } priority 0
		icmpv6 type { mld2-listener-report, mld-listener-report,
			      mld-listener-done, nd-router-solicit } drop
	}
}
"""


def ruleset(mode, masquerade="masquerade"):
    """The ruleset of a router. mode: the flags of its flowtable, or None"""
    flowtable = add = ""
    if mode is not None:
        flags = f"flags {mode}" if mode else ""
        flowtable = f"""
	flowtable f {{
		hook ingress priority 0
		devices = {{ {", ".join(PORTS)} }}
		{flags}
	}}"""
        add = "flow add @f"
    def ports(condition):
        return ", ".join(str(port_of(f)[1]) for f in FLOWS.values()
                         if condition(f))
    masqueraded = ports(lambda f: f.nat == "masq")
    # Answers begin no connection. If they did, the one that they are answers
    # to would get another port, a random one in each world.
    forwarded = ports(lambda f: f.nat == "dnat")
    marks = "\n\t\t".join(
        f"meta mark 0 th dport {{ {ports(lambda f: f.mark == mark)} }} "
        f"meta mark set {mark}" for mark in (1, 2))
    return f"""
table inet t
delete table inet t
table inet t {{
	{flowtable}
	chain forward {{
		type filter hook forward priority 0
		ct direction original udp sport {{ {forwarded} }} drop
		meta l4proto {{ tcp, udp }} {add}
	}}
	chain marks {{
		type filter hook prerouting priority mangle
		meta mark set ct mark
		{marks}
		ct mark set meta mark
	}}
	chain masq {{
		type nat hook postrouting priority srcnat
		oifname {{ "p3", "p4" }} meta l4proto {{ tcp, udp }} \
th dport {{ {masqueraded} }} {masquerade}
	}}
	chain forwarded {{
		type nat hook prerouting priority dstnat
		meta l4proto udp th dport {port_of(FLOWS["dnat4"])[1]} \
dnat ip to {FLOWS["dnat4"].dst}
		meta l4proto udp th dport {port_of(FLOWS["dnat6"])[1]} \
dnat ip6 to {FLOWS["dnat6"].dst}
	}}
}}
"""


def snat(addr):
    """A table that has what is masqueraded leave from another address"""
    ports = ", ".join(str(port_of(f)[1]) for f in FLOWS.values()
                      if f.nat == "masq" and f.version == 4)
    return f"""
table ip snat {{
	chain post {{
		type nat hook postrouting priority srcnat - 1
		oifname {{ "p3", "p4" }} meta l4proto {{ tcp, udp }} \
th dport {{ {ports} }} snat to {addr}
	}}
}}
"""


def routes(dev=None):
    """The router's routes: commands that make them, those of a device"""
    lines = []
    for at, version in enumerate((4, 6)):
        w1, w2 = via("w1", version), via("w2", version)
        base = 0 if version == 4 else 100
        if dev in (None, "p3"):
            lines += [f"route replace {default(version)} {w1} metric 100",
                      f"route replace {default(version)} {w1} table 101",
                      f"nexthop replace id {base + 10} {w1}",
                      f"nexthop replace id {base + 11} {w1}"]
        if dev in (None, "p4"):
            lines += [f"route replace {default(version)} {w2} table 102",
                      f"nexthop replace id {base + 12} {w2}"]
        if dev in (None, "p3", "p4"):
            lines += [
                f"nexthop replace id {base + 20} "
                f"group {base + 11}/{base + 12}",
                f"route replace {PREFIX['ecmp'][at]} "
                f"nexthop {w1} nexthop {w2}",
                f"route replace {PREFIX['nh'][at]} nhid {base + 10}",
                f"route replace {PREFIX['nhg'][at]} nhid {base + 20}"]
    return lines


def addresses(dev=None):
    """The router's addresses: commands that add them, those of a device"""
    return [f"addr replace {a} dev {d}{nodad}" for d, ip4, ip6 in ROUTER
            if dev in (None, d) for a, nodad in ((ip4, ""), (ip6, " nodad"))]


RULES = ["rule add pref 1000 lookup main suppress_prefixlength 0",
         "rule add pref 1001 fwmark 1 lookup 101",
         "rule add pref 1002 fwmark 2 lookup 102"]


def neighbours():
    """w1b, which nobody answers for, and w2, so that it is known although
    no flow may use it"""
    return [f"neigh replace {ip} lladdr {HOSTS[name].mac} "
            f"dev {HOSTS[name].port} nud {nud}"
            for name, nud in (("w1b", "permanent"), ("w2", "reachable"))
            for ip in (HOSTS[name].ip4, HOSTS[name].ip6)]


def host_addresses(name, dev, command="add"):
    """Where a host is from now on, or (del) is no longer"""
    host = HOSTS[name]
    nodad = " nodad" if command == "add" else ""
    return [f"addr {command} {host.ip4}/{25 if name[0] == 'w' else 26} "
            f"dev {dev}",
            f"addr {command} {host.ip6}/64 dev {dev}{nodad}"]


class World:
    """A router with hosts. mode: flags of its flowtable, or None"""

    def __init__(self, name, mode):
        self.name, self.mode = name, mode
        self.router = Netns(f"{name}-r")
        self.hosts = Netns(f"{name}-h")
        self.batch = {"ip": Batch(self.router, "ip"),
                      "ip4": Batch(self.router, "ip", "-4"),
                      "ip6": Batch(self.router, "ip", "-6"),
                      "bridge": Batch(self.router, "bridge"),
                      "host": Batch(self.hosts, "ip")}
        for netns in (self.router, self.hosts):
            for key, value in QUIET.items():
                self.must(netns.sysctl(key, value))
        for key, value in SYSCTLS.items():
            self.must(self.router.sysctl(key, value))
        for key, value in HOST_SYSCTLS.items():
            self.must(self.hosts.sysctl(key, value))
        self.switch = Switch(self.router, PORTS,
                             [MACS[port] for port in PORTS])
        devs = ["e1", "e2", "e3", "e4", "e5"]
        macs = [HOSTS[h].mac for h in ("h1", "h1", "w1", "w2", "h3")]
        self.far_switch = Switch(self.hosts, devs, macs)
        for dev, port in zip(devs, PORTS):
            link(self.hosts, dev, self.router, port)
        self._configure_hosts(devs)
        self._configure_router()
        self.wire = Wire(self.hosts, devs)
        self.wait_running(self.router, [*PORTS, "br0", "br0.10", "br0.20"])
        self.wait_running(self.hosts, devs)

    def must(self, errors):
        """Nothing of this may fail"""
        if errors:
            raise OSError(f"{self.name}: {errors}")

    def nft(self, netns, text):
        """Load a ruleset; the errors"""
        status, out = netns.run("nft", "-f", "-", text=text)
        return [out] if status else []

    def _configure_hosts(self, devs):
        lines = ["link set lo up"]
        for dev in ("e1", "e2"):
            lines += [f"link add link {dev} name {dev}.20 "
                      f"address {HOSTS['h2'].mac} type vlan id 20"]
        lines += [f"link set {dev} up" for dev in devs]
        for name in ("h1", "h3", "w1", "w2"):
            lines += host_addresses(name, HOSTS[name].dev)
        lines += ["link set e1.20 up", "link set e2.20 up"]
        lines += host_addresses("h2", "e1.20")
        self.must(self.batch["host"].run(lines))
        self.must(self.nft(self.hosts, HOST_FILTER))

    def _configure_router(self):
        self.must(self.batch["ip"].run([
            "link set lo up",
            # its timer would make learning ports forward, some time
            f"link add br0 address {MACS['br0']} type bridge "
            "vlan_filtering 1 vlan_default_pvid 0 forward_delay 0",
            "link add br1 type bridge",
            "link set p1 master br0", "link set p2 master br0",
            # without VLANs: so that br0 always has a carrier
            "link add d0 type dummy", "link set d0 master br0",
            "link add link br0 name br0.10 type vlan id 10",
            "link add link br0 name br0.20 type vlan id 20",
            *(f"link set {dev} up" for dev in
              [*PORTS, "d0", "br0", "br0.10", "br0.20", "br1"])]))
        # not there: what has to do with it does nothing in either world
        self.batch["ip"].run(["link add vrf0 type vrf table 900",
                              "link set vrf0 up"])
        self.must(self.batch["bridge"].run([
            *VLANS, "vlan add dev br0 vid 10 self",
            "vlan add dev br0 vid 20 self"]))
        self.must(self.batch["ip"].run([
            *addresses(), *neighbours(), *routes()]))
        for family in ("ip4", "ip6"):
            self.must(self.batch[family].run(RULES))
        for dev, _, _ in ROUTER:
            for key, value in NEIGHBOURS.items():
                for family in ("ipv4", "ipv6"):
                    self.must(self.router.sysctl(
                        f"net/{family}/neigh/{dev}/{key}", value))
        self.must(self.nft(self.router, FILTER + ruleset(self.mode)))

    @staticmethod
    def wait_running(netns, devs, seconds=5):
        """Wait until these have a carrier; is it so?"""
        end = time.monotonic() + seconds
        while not all(netns.running(dev) for dev in devs):
            if time.monotonic() > end:
                return False
            time.sleep(.02)
        return True

    def apply(self, tool, lines):
        """What an event does with a tool; the errors"""
        if tool in self.batch:
            return self.batch[tool].run(lines)
        if tool == "sysctl":
            return [error for key, value in lines
                    if (error := self.router.sysctl(key, value))]
        if tool == "nft":
            return self.nft(self.router, ruleset(self.mode, *lines))
        if tool == "nft-text":
            return self.nft(self.router, "".join(lines))
        if tool == "conntrack":
            for args in lines:
                self.router.run("conntrack", *args.split())
            return []
        if tool == "running":
            return [f"{dev} is not running" for dev in lines
                    if not self.wait_running(self.router, [dev])]
        raise ValueError(tool)

    def rules(self):
        """The rules in hardware: {flow name: {match: packets}}"""
        found = {}
        for line in self.switch.debugfs("entries").splitlines():
            match, action = line.split(" -> ")
            words = dict(word.split("=", 1) for word in
                         (match + " " + action).split() if "=" in word)
            matches = dict(word.split("=", 1) for word in match.split()
                           if "=" in word)
            flow = BY_PORT.get(int(matches["dport"])) or \
                BY_PORT.get(int(matches["sport"]))
            if flow:
                found.setdefault(flow.name, {})[match] = \
                    int(words["packets"])
        return found

    def offloaded(self):
        """The same, of flows in the software fast path, by conntrack"""
        found = {}
        for line in self.router.read("/proc/net/nf_conntrack").splitlines():
            if "[OFFLOAD]" not in line and "[HW_OFFLOAD]" not in line:
                continue
            for word in line.split():
                if word.startswith("dport="):
                    flow = BY_PORT.get(int(word[6:]))
                    if flow:
                        found.setdefault(flow.name, {})[word] = 0
        return found

    def fast(self):
        """What is in the fast path"""
        if self.mode == "offload":
            return {name: rules for name, rules in self.rules().items()
                    if len(rules) == 2}
        return self.offloaded() if self.mode is not None else {}

    def unresolved(self):
        """Is a neighbour being looked for?"""
        _, out = self.router.run("ip", "neigh", "show", "nud", "incomplete",
                                 "nud", "failed", "nud", "probe")
        return out

    def remove(self):
        """Remove all of it"""
        self.wire.close()
        for batch in self.batch.values():
            batch.stop()
        self.router.run("nft", "flush", "ruleset")
        self.switch.remove()
        self.far_switch.remove()
        self.router.remove()
        self.hosts.remove()
