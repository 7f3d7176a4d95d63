#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: roam.sh LIB FLOWS CONCERNED
#
# Inside a test kernel with the emulated switch: FLOWS are in hardware, CONCERNED of them
# to a host whose link layer address changes. Prints "roam FLOWS CONCERNED MICROSECONDS
# CPU-TICKS": from the change, until the driver has destroyed the last rule of the flows
# concerned, both as the kernel's trace has it; and "storm FLOWS UPDATES MICROSECONDS":
# 10,000 moves of other hosts in a bridge.
set -o pipefail
# shellcheck source=fill.sh
source "$(dirname "$0")/fill.sh" "$1"
flows=$2 concerned=$3
FAR4=198.51.100.99

destroyed() { [ "$(calls destroy)" -ge "$1" ]; }

topology $((2 * flows + 1000))
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=600
ip -n "$ns_b" addr add $FAR4/24 dev b0
ip -n "$ns_r" neigh replace $FAR4 lladdr "$(mac "$ns_b" b0)" dev p2
ft_ruleset || die "no ruleset"
fill "$concerned" "$FT_B4"
n=$concerned
while [ "$n" -lt "$flows" ]; do
	part=$((flows - n < 30000 ? flows - n : 30000))
	# other source ports are other flows; other destinations, when they run out
	ip -n "$ns_b" addr replace "$FAR4/24" dev b0
	fill "$part" "$FAR4"
	slowwait 240 has_rules $((2 * (n + part) * 99 / 100)) >/dev/null || die "only $(occupied) of $((2 * (n + part))) rules got in"
	n=$((n + part))
	[ "$n" -lt "$flows" ] || break
	FAR4=198.51.100.$((100 + n / 30000))
	ip -n "$ns_b" addr add $FAR4/24 dev b0
	ip -n "$ns_r" neigh replace $FAR4 lladdr "$(mac "$ns_b" b0)" dev p2
done

trace=/sys/kernel/tracing
[ -d $trace/events ] || mount -t tracefs tracefs $trace
echo mono >$trace/trace_clock # the default one is as coarse as jiffies here
echo >$trace/trace
echo 1 >$trace/events/neigh/neigh_update/enable
echo 1 >$trace/events/nf_flow_table/nf_flow_offload_del/enable
before=$(calls destroy) ticks=$(cpu)
ip -n "$ns_r" neigh replace "$FT_B4" lladdr 02:00:00:00:00:0b dev p2
slowwait 60 destroyed $((before + 2 * concerned)) >/dev/null || die "rules are left: $(($(calls destroy) - before)) went"
echo 0 >$trace/events/enable
awk -v head="roam $flows $concerned" -v want=$((2 * concerned)) -v ticks=$(($(cpu) - ticks)) '
	match($0, / [0-9]+\.[0-9]+: /) { now = substr($0, RSTART + 1, RLENGTH - 3) }
	/neigh_update: .*new_lladdr 02000000000b/ && !start { start = now }
	/nf_flow_offload_del:/ && start { last = now; n++ }
	END { if (n < want) exit 1; printf "%s %d %d\n", head, (last - start) * 1000000, ticks }' $trace/trace || die "not in the trace: $(grep -c nf_flow_offload_del $trace/trace) rules went"

ip -batch - -n "$ns_r" <<END
link add d1 type dummy
link add d2 type dummy
link add br9 up type bridge
link set d1 up master br9
link set d2 up master br9
END
for ((i = 0; i < 5000; i++)); do
	printf 'fdb replace 02:00:00:01:%02x:%02x dev d1 master\nfdb replace 02:00:00:01:%02x:%02x dev d2 master\n' \
		$((i / 256)) $((i % 256)) $((i / 256)) $((i % 256))
done >"$FT_TMP/moves"
start=${EPOCHREALTIME/./}
bridge -n "$ns_r" -batch "$FT_TMP/moves" || die "fdb"
echo "storm $flows 10000 $((${EPOCHREALTIME/./} - start))"
