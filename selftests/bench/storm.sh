#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: storm.sh LIB FLOWS [route|fdb|flap...]
#
# Inside a test kernel with the emulated switch: FLOWS are in hardware, to DESTINATIONS (50)
# with a route each. All three unless told:
#
#   route	RATE (3500) times a second one of these routes changes, for SECONDS (10), with
#		the same gateway before and after
#   fdb		10,000 hosts of a bridge move, which no flow goes to
#   flap	2000 more flows have one destination, whose route changes 20 times a second for
#		SECONDS, with the same gateway; then they begin to send, five packets a second each
#
# In a storm, for how long is the blackhole route of another flow not obeyed? Prints
# "storm-obeyed WHAT FLOWS CHANGES-PER-SECOND MAX-MICROSECONDS P50-MICROSECONDS TRIES", where
# a try ends after 5 s; "storm-cpu WHAT FUNCTION MICROSECONDS SECONDS", the processor time of
# each work item of the flowtable meanwhile; and "storm-stay FLOWS CHANGES-PER-SECOND PERCENT",
# of the flows whose route flaps: how many were in hardware, on average.
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=many.sh
source "$here/many.sh" "$1"
flows=$2
shift 2
destinations=${DESTINATIONS:-50}

topology $((2 * flows + 10000))
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=3600
for ((i = 1; i <= destinations; i++)); do
	echo "route add 198.18.1.$i via $FT_B4 metric 100"
done | ip -n "$ns_r" -batch - || die "no routes"
ip -batch - -n "$ns_r" <<-END || die "no bridge"
	link add d1 type dummy
	link add d2 type dummy
	link add br9 up type bridge
	link set d1 up master br9
	link set d2 up master br9
END
ft_ruleset || die "no ruleset"
fill_many "$flows" $(((flows + destinations - 1) / destinations)) 198.18.1 1
[ $# -gt 0 ] || set -- route fdb flap
trap - EXIT # what is left goes with the guest, which is faster
DESTINATIONS=$destinations python3 "$here/storm.py" "$flows" "netdevsim/netdevsim$switch" "$ns_a" "$ns_r" "$ns_b" "$@"
