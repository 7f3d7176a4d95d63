#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: elephants.sh LIB MODEL LIVE PLACES first|full|budget [NFT-OFFLOAD]
#
# Inside a test kernel with the emulated switch: LIVE flows at a time, which come and go, and
# whose packets are spread as MODEL of elephants.py says. PLACES of them may be in hardware.
# How many of the packets are forwarded there?
#
#   first	as they come: there is no policy, and hardware has room for PLACES
#   full	policy "evict slowest", the same room
#   budget	policy "budget PLACES evict slowest", room for all
#
# Prints "elephants MODEL WAY LIVE PLACES PACKETS/S SHARE BEST LEFT/S WORK GC": SHARE of the
# packets that hardware has forwarded, and BEST, that of the PLACES flows with the highest rates
# that live at the time, both in percent; flows that have left hardware in a second; and the
# percentage of a processor for workers that talk to the driver, and for garbage collectors.
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
set -o pipefail
here=$(dirname "$0")
# shellcheck source=many.sh
source "$here/many.sh" "$1"
model=$2 live=$3 places=$4 way=$5 tool=${6-}

case $way in
first | full) topology $((2 * places)) ;;
budget) topology 100000 ;;
*) die "no such way: $way" ;;
esac
ip netns exec "$ns_b" nft -f - <<-END || die "no sink"
	table netdev sink {
		chain in {
			type filter hook ingress device b0 priority -400
			meta l4proto udp drop
		}
	}
END
ft_ruleset || die "no ruleset"
case $way in
full) policy="evict slowest" ;;
budget) policy="budget $places evict slowest" ;;
*) policy= ;;
esac
[ -z "$policy" ] || ip netns exec "$ns_r" "$tool" "add policy inet t f { $policy }" || die "no policy"
trap - EXIT # what is left goes with the guest, which is faster
exec python3 "$here/elephants.py" "$model" "$way" "$live" "$places" "$FT_DEBUGFS/calls" "$ns_a" "$ns_r" "$FT_B4"
