# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What obey.sh and storm.sh share, on top of fill.sh: more flows than host A has ports.
# To be sourced with flow_table_lib.sh as argument.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns

# shellcheck source=fill.sh
source "$(dirname "${BASH_SOURCE[0]}")/fill.sh" "$(dirname "$1")/flow_table_lib_flows.sh"

# fill_many FLOWS PART PREFIX FIRST: put those into hardware that are not there, PART of them
# to each of PREFIX.FIRST and the next addresses, which lead to host B already
fill_many() {
	local n part=0 addr=$4

	for ((n = 0; n < $1; n += part, addr++)); do
		part=$(($1 - n < $2 ? $1 - n : $2))
		fill "$part" "$3.$addr"
		slowwait 240 has_rules $((2 * (n + part) * 99 / 100)) >/dev/null || die "only $(occupied) of $((2 * (n + part))) rules got in"
	done
}
