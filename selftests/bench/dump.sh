#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: dump.sh LIB NFT_OFFLOAD BENCH_DUMP FLOWS ROUNDS
#
# Inside a test kernel with one processor: what a list of FLOWS flows costs, as text
# from the tool (list), without printing (library), without looking at the messages
# either (kernel), with a filter that lets 10 of them pass (filter), and as "conntrack -L"
# prints the same connections (conntrack). First the tool with a hundredth of the flows
# (few).
#
# Prints "dump WHAT FLOWS CPU-MICROSECONDS MICROSECONDS KIB-RESIDENT" for each round.
# Processor time is user and system together, as User Mode Linux cannot tell them apart;
# that of the process alone: what the kernel does with flows meanwhile is not in it.
set -o pipefail
here=$(dirname "$0")
# shellcheck source=/dev/null
source "$1"
# shellcheck source=crowd.sh
source "$here/crowd.sh"
NFT_OFFLOAD=$2 BENCH_DUMP=$3
flows=$4 rounds=$5
few=$((flows / 100))

# shellcheck disable=SC2154 # setup_ns assigns ns_r
cost() { # WHAT FLOWS COMMAND...
	router python3 "$here/cost.py" "$rounds" "${@:3}" >"$FT_TMP/cost" || die "$1 failed"
	sed "s/^/dump $1 $2 /" "$FT_TMP/cost"
}
expect() { [ "$2" = "$3" ] || die "$1: $2 flows, not $3"; }
lines() { router "$@" 2>/dev/null | wc -l; }
ten=(ip daddr "$(crowd_addr 0)" udp sport 10000-10009)

crowd_router "$flows"
crowd 0 "$few"
expect "the flowtable" "$(crowd_size)" "$few"
cost few "$few" "$NFT_OFFLOAD" -l list flows
start=${EPOCHREALTIME/./}
router "$NFT_OFFLOAD" flush flows || die "no flush"
slowwait 20 crowd_has 0 || die "flows stay"
router conntrack -F >/dev/null 2>&1
crowd 0 "$flows"
echo "# $flows flows made in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
expect "the flowtable" "$(crowd_size)" "$flows"
expect "list flows" "$(lines "$NFT_OFFLOAD" -l list flows)" "$flows"
expect "conntrack -L" "$(lines conntrack -L)" "$flows"
expect "the filter" "$(lines "$NFT_OFFLOAD" -l list flows "${ten[@]}")" 10
for how in drop parse; do
	expect "bench-dump $how" "$(router "$BENCH_DUMP" $how | cut -d ' ' -f 1)" "$flows"
done
cost list "$flows" "$NFT_OFFLOAD" -l list flows
cost library "$flows" "$BENCH_DUMP" parse
cost kernel "$flows" "$BENCH_DUMP" drop
cost filter "$flows" "$NFT_OFFLOAD" -l list flows "${ten[@]}"
cost conntrack "$flows" conntrack -L
trap - EXIT # what is left goes with the guest, which is faster
