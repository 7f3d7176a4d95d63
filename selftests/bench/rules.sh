#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: rules.sh LIB FLOWS
#
# Inside a test kernel with the emulated switch: how fast FLOWS new flows get into
# hardware, whose driver takes DELAY_US (0) for a rule. Prints
# "rules RULES MICROSECONDS", from the first packet to when 99 % of the rules are there.
set -o pipefail
# shellcheck source=fill.sh
source "$(dirname "$0")/fill.sh" "$1"
flows=$2

topology
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=600
ft_ruleset || die "no ruleset"
[ -z "${DELAY_US:-}" ] || echo "$DELAY_US" >"$FT_DEBUGFS/add_delay_us"
start=${EPOCHREALTIME/./}
fill "$flows" "$FT_B4"
want=$((2 * flows * 99 / 100))
slowwait 120 has_rules $want >/dev/null || die "only $(occupied) of $((2 * flows)) rules got in"
echo "rules $(occupied) $((${EPOCHREALTIME/./} - start))"
