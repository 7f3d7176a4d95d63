#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: million.sh LIB FLOWS
#
# Inside a test kernel: FLOWS are in a software flowtable and send nothing. What does it cost
# to have them, and how soon is a change obeyed that concerns one more flow? One is in
# hardware (hard), and a blackhole route is added; one is in the software flowtable of the
# others (soft), and IPv6 is forwarded no more, which its packets do not see. First nothing else happens,
# then CHURN (100) times a second a route to somewhere else comes or goes.
#
# Prints "million-idle FLOWS FUNCTION MICROSECONDS SECONDS", the processor time of each work
# item of the flowtable in SECONDS (30), and "million-obeyed hard|soft idle|churn FLOWS
# MAX-MICROSECONDS P50-MICROSECONDS TRIES": of TRIES (5), with PAUSE_MS (10000) before each; a
# try ends after 30 s. A kernel without the emulated switch's flow table has the first only.
#
#        A          router         B         p1, p2: dummy devices, the FLOWS
#   +------+     +-----------+     +------+
#   |   a0 +-----+ q1     q2 +-----+ b0   |  hard
#   +------+     |           |     +------+
#        C       |           |         D
#   +------+     |           |     +------+
#   |   c0 +-----+ q3     q4 +-----+ d0   |  soft
#   +------+     +-----------+     +------+
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=/dev/null
source "$1"
# shellcheck source=crowd.sh
source "$here/crowd.sh"
flows=$2

address() { ip netns exec "$1" cat "/sys/class/net/$2/address"; }
modprobe() { command modprobe -q "$@" || :; } # the base has no nft_offload
has_connections() { [ "$(router conntrack -C)" -ge "$flows" ]; }

# link NETNS DEV PORT NUMBER: a host with 2001:db8:NUMBER::2, and the router's ::1
link() {
	if ! ft_nsim_create "$1" "$2" || ! ft_link "$1" "$2" "$ns_r" "$3"; then die "no host at $3"; fi
	slowwait 5 ft_link_is_up "$ns_r" "$3" || die "no link at $3"
	ip -batch - -n "$1" <<-END || die "no addresses at $3"
		addr add 2001:db8:$4::2/64 dev $2 nodad
		route add default via 2001:db8:$4::1
		neigh replace 2001:db8:$4::1 lladdr $(address "$ns_r" "$3") dev $2
	END
	ip -batch - -n "$ns_r" <<-END || die "no addresses at $3"
		addr add 2001:db8:$4::1/64 dev $3 nodad
		neigh replace 2001:db8:$4::2 lladdr $(address "$1" "$2") dev $3
	END
}

command modprobe netdevsim || die "netdevsim is missing"
crowd_router "$flows"
setup_ns ns_a ns_b ns_c ns_d || die "no network namespaces"
ft_nsim_create "$ns_r" q1 q2 q3 q4 || die "no switch"
FT_DEBUGFS=/sys/kernel/debug/netdevsim/netdevsim$FT_ID/flow_table
router sysctl -qw net.ipv6.conf.all.forwarding=1
link "$ns_a" a0 q1 1
link "$ns_b" b0 q2 2
link "$ns_c" c0 q3 3
link "$ns_d" d0 q4 4
crowd 0 "$flows"
slowwait 10 has_connections || die "only $(router conntrack -C) flows"
hard=''
if [ -r "$FT_DEBUGFS/entries" ]; then
	hard=hard
	router nft -f - <<-END || die "no second flowtable"
	table inet t {
		flowtable f { devices = { q3, q4 }; hook ingress priority 0; }
		flowtable h {
			hook ingress priority 0
			devices = { q1, q2 }
			flags offload
		}
	}
	insert rule inet t forward iifname q1 meta l4proto udp flow add @h accept
	END
fi
trap - EXIT # what is left goes with the guest, which is faster
python3 "$here/million.py" "$flows" "$ns_a" "$ns_r" "$ns_b" "$ns_c" "$ns_d" $hard
