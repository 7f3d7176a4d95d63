// SPDX-License-Identifier: GPL-2.0-or-later
// Routers as files for the tool's test build; nftables/tests/fixture.c says what lines there are.

const STATE = { software: 0, pending: 1, hardware: 2, failed: 3, closing: 4 };
const L4PROTO = { tcp: 6, udp: 17, gre: 47 };

// flow(17, "tcp 192.0.2.2:40001 198.51.100.2:443", "hardware", { hw: 90000, ... })
export function flow(id, connection, state, more = {}) {
	const [l4proto, source, destination] = connection.split(" ");
	const [, saddr, sport] = source.match(/^\[?(.*?)\]?:(\d+)$/), [, daddr, dport] = destination.match(/^\[?(.*?)\]?:(\d+)$/);
	const { sw = 0, hw = 0, age = 1000, extra = "", flags = 0, table = "table=router", flowtable = "flowtable=fast" } = more;
	const inHardware = state === "hardware" ? 1 : 0;
	return `flow id=${id} family=1 ${table} ${flowtable} l4=${L4PROTO[l4proto]} state=${STATE[state]} flags=${flags} ` +
		`saddr=${saddr} sport=${sport} daddr=${daddr} dport=${dport} iif=3 oif=4 mtu=1500 ` +
		`sw=${Math.ceil(sw / 2000)}/${Math.ceil(sw / 2)} hw=${Math.ceil(hw / 2000)}/${Math.ceil(hw / 2)} inhw=${inHardware} ` +
		`r.saddr=${daddr} r.sport=${dport} r.daddr=${saddr} r.dport=${sport} r.iif=4 r.oif=3 r.mtu=1500 ` +
		`r.sw=${Math.ceil(sw / 2000)}/${Math.floor(sw / 2)} r.hw=${Math.ceil(hw / 2000)}/${Math.floor(hw / 2)} r.inhw=${inHardware} ` +
		`timeout=29500 age=${age} mark=0 zone=0 ctid=${1000 + id} ${extra}`;
}

export const MACHINE = [
	"device 3 lan1", "device 4 wan", "device 5 lan2",
	"sysctl nf_flow_offload 1", "sysctl nf_flow_offload_strict 0",
	"file /proc/sys/kernel/osrelease 7.3.4",
	'file /proc/modules "nft_offload 90112 0 - Live 0x0 (O)\\x0anf_flow_table 81920 2 nft_offload,nft_flow_offload, Live 0x0\\x0anft_flow_offload 16384 1 - Live 0x0\\x0a"',
	'file /sys/module/nf_tables/uevent ""', "file /sys/module/nf_flow_table/parameters/offload_strict N",
	"file /proc/sys/net/netfilter/nf_flow_offload 1", "file /proc/sys/net/netfilter/nf_flow_offload_strict 0",
	"file /proc/sys/net/netfilter/nf_conntrack_acct 1", "file /proc/sys/net/ipv4/ip_forward 1",
	"file /proc/sys/net/ipv6/conf/all/forwarding 1",
	"link 1 lo special=1", "link 3 lan1", "link 4 wan", "link 5 lan2", "route 4 4", "route 6 4", "route 4 3", "route 4 5",
	"rule add 1 router forward fast 91234", "rule forward 1 router forward - -",
	'driver lan1 mtk_soc_eth "" on', 'driver wan mtk_soc_eth "" on', 'driver lan2 r8169 "rtl8168h-2" off',
];

export const FLOWTABLE = "table family=1 table=router name=fast flags=3 allowed=1 strict=0 flows=14 hw=9 qadd=1 qdel=0 qstats=2 " +
	"adds=51234 dels=51225 dev=3:lan1:0 dev=4:wan:0 dev=5:lan2:95 reason=table-full:312 reason=unconfirmed:51234";

const FULL = 'errno=28 reason=table-full message="mtk_ppe: no free entry in this bucket"';

export const FLOWS = [
	flow(1, "tcp 192.168.1.20:40001 198.51.100.2:443", "hardware", { sw: 8.1e6, hw: 7.4e9, age: 4210e3, flags: 1 }),
	flow(2, "udp 192.168.1.20:51820 203.0.113.77:51820", "hardware", { sw: 2e5, hw: 3.9e9, age: 90061e3, flags: 1 }),
	flow(3, "tcp 192.168.1.31:52144 198.51.100.80:443", "hardware", { sw: 3e5, hw: 1.2e9, age: 611e3, flags: 1 }),
	flow(4, "tcp [2001:db8:1::20]:40100 [2001:db8:77::2]:443", "hardware", { sw: 9e4, hw: 8.8e8, age: 540e3 }),
	flow(5, "udp [2001:db8:1::31]:53411 [2001:db8:77::53]:443", "hardware", { sw: 4e4, hw: 6.1e8, age: 301e3 }),
	flow(6, "tcp 192.168.1.44:33002 198.51.100.9:22", "failed", { sw: 5.2e8, age: 1800e3, flags: 1, extra: FULL }),
	flow(7, "tcp 192.168.1.44:33010 198.51.100.9:873", "failed", { sw: 9.1e8, age: 903e3, flags: 1, extra: FULL }),
	flow(8, "tcp 192.168.2.7:41000 192.168.1.20:445", "software", { sw: 3.3e8, age: 77e3, extra: "errno=95 reason=no-driver" }),
	flow(9, "udp 192.168.1.31:60111 203.0.113.8:3478", "hardware", { sw: 1e4, hw: 9.9e6, age: 42e3, flags: 1 }),
	flow(10, "tcp 203.0.113.50:61000 198.51.100.1:8080", "hardware", { sw: 7e3, hw: 4.2e6, age: 30e3, flags: 2 }),
	flow(11, "udp 192.168.1.52:5060 203.0.113.60:5060", "pending", { sw: 8e3, age: 800, flags: 1 }),
	flow(12, "tcp 192.168.1.52:48222 198.51.100.33:993", "hardware", { sw: 6e3, hw: 2.2e6, age: 8e3, flags: 1 }),
	flow(13, "tcp 192.168.1.53:48300 198.51.100.33:993", "hardware", { sw: 6e3, hw: 1.1e6, age: 7e3, flags: 1 }),
	flow(14, "tcp 192.168.1.54:48301 198.51.100.34:80", "closing", { sw: 4e4, age: 3e3, flags: 1 }),
];

export const EXPLAIN = [
	"hop 192.168.1.44 unicast 3 fine", "hop 198.51.100.9 unicast 4 fine",
	"explain layer=2 reason=table-full ctid=1006 family=1 table=router flowtable=fast dev=0:3:lan1:0: dev=1:4:wan:0: flow=5",
];

// used: rules in hardware; some flows in other states make other shares
export const router = (used = 15012, flows = FLOWS) => [...MACHINE, FLOWTABLE, ...flows,
	`room platform/15100000.ethernet flow_table 16384 ${used}`, "setting family=1 table=router name=fast strict=0", ...EXPLAIN];

const MARKUP = "<img src=x onerror=document.title='bad'>";

export const markup = () => [
	"device 3 <b>lan1</b>", "device 4 <i>wan</i>", "sysctl nf_flow_offload 1", "sysctl nf_flow_offload_strict 0",
	`table family=1 "table=${MARKUP}" "name=<u>fast</u>" flags=1 allowed=1 strict=0 flows=1 hw=0 qadd=0 qdel=0 qstats=0 adds=0 dels=0 dev=3:<b>lan1</b>:0 dev=4:<i>wan</i>:95`,
	flow(1, "tcp 192.0.2.2:1 198.51.100.2:2", "failed", { table: `"table=${MARKUP}"`, flowtable: '"flowtable=<u>fast</u>"', extra: 'reason=<s>why</s> "message=<script>document.title=1</script>"' }),
	`room "pci/<b>0</b>" "<em>flow_table</em>" 10 5`,
	`setting family=1 "table=${MARKUP}" "name=<u>fast</u>" strict=1`,
	`explain layer=2 reason=<s>why</s> ctid=1 family=1 "table=${MARKUP}" "flowtable=<u>fast</u>" dev=0:3:<b>lan1</b>:0: dev=1:4:<i>wan</i>:95:no-driver flow=0`,
];

export const many = n => [`many ${n}`, ...MACHINE, FLOWTABLE, ...FLOWS];
