#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: idle.sh LIB FLOWS
#
# Inside a test kernel with the emulated switch: what FLOWS cost that are in hardware and
# send nothing, for a minute. Their timeout is two minutes. Prints "idle FLOWS CPU-TICKS
# STATS-CALLS BASE-TICKS": processor time and calls of the driver in a minute with the
# flows, and processor time in as long without.
set -o pipefail
# shellcheck source=fill.sh
source "$(dirname "$0")/fill.sh" "$1"
flows=$2

topology
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=120
before=$(cpu)
sleep 30
base=$((2 * ($(cpu) - before)))
ft_ruleset || die "no ruleset"
fill "$flows" "$FT_B4"
slowwait 30 has_rules $((2 * flows * 99 / 100)) >/dev/null || die "only $(occupied) of $((2 * flows)) rules got in"
sleep 20
before=$(cpu) stats=$(calls stats)
sleep 60
echo "idle $flows $(($(cpu) - before)) $(($(calls stats) - stats)) $base"
