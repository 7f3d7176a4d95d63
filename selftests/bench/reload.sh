#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: reload.sh LIB FLOWS
#
# Inside a test kernel with the emulated switch: how long a reload of the ruleset takes whose
# flowtable has ten devices, with FLOWS flows in hardware, spread over them. Prints
# "reload FLOWS RULES MICROSECONDS CALLS": rules that were there, time of nft -f, and how many of
# them the driver was asked to destroy by the end of it.
set -o pipefail
# shellcheck source=many.sh
source "$(dirname "$0")/many.sh" "$1"
flows=$2

# ports NUMBER...: ports of the switch beside p1 and p2, with a network behind each
ports() {
	local i dev

	for i in "$@"; do
		echo "$i" >"$FT_SYS/devices/netdevsim$switch/new_port"
		# shellcheck disable=SC2016 # for the shell there
		dev=$(ip netns exec "$ns_r" bash -c 'grep -lx "p$2" "$1"/net/*/phys_port_name' - "$FT_SYS/devices/netdevsim$switch" "$((i + 1))")
		dev=${dev%/*}
		ip -batch - -n "$ns_r" <<-END || die "no port p$((i + 1))"
		link set dev ${dev##*/} name p$((i + 1)) up
		addr add 10.0.$i.1/24 dev p$((i + 1))
		neigh replace 10.0.$i.2 lladdr 02:00:00:00:00:0$i dev p$((i + 1))
		END
	done
}

ruleset() {
	ip netns exec "$ns_r" nft -f - <<-END
	table inet t { }
	delete table inet t
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 }
			flags offload;
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
}

topology $((2 * flows + 1000))
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=7200
ports {2..9}
ruleset || die "no ruleset"
for i in {2..9}; do
	fill $((flows / 8)) "10.0.$i.2"
	slowwait 240 has_rules $((2 * flows / 8 * (i - 1) * 99 / 100)) >/dev/null || die "only $(occupied) rules got in"
done
rules=$(occupied)
before=$(calls destroy)
start=${EPOCHREALTIME/./}
ruleset || die "no second ruleset"
end=${EPOCHREALTIME/./}
echo "reload $flows $rules $((end - start)) $(($(calls destroy) - before))"
