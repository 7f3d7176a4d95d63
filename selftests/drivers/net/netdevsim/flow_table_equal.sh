#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What hardware and the fast path do is what the stack would do now: two routers
# of the same configuration, one of them without a flowtable, get the same
# packets from the same hosts while random events are applied to both. What
# comes out is the same, packet by packet, and flows that an event does not
# concern stay in the fast path.
#
#            the same packets
#          +--------+---------+
#          |                  |
#  +-------v------+   +-------v------+
#  |    router    |   |    router    |    the same events: routes, rules,
#  | no flowtable |   |  flowtable   |    nexthops, neighbours, bridge, ...
#  +-------+------+   +-------+------+
#          |                  |
#          +---> the same? <--+
#
# For what is around a router see ft_equal_world.py, for the events
# ft_equal_events.py.
#
# FT_EQUAL_S: how long, seconds (60), all modes together
# FT_EQUAL_MODE: only this mode, for all of that time
# FT_EQUAL_SHRINK: how long to look for a shorter list of events, seconds
# SEED: of the random events
# EVENTS: a list of events, as a failure prints it, or a file with one, instead
# of random events
#
# shellcheck disable=SC2317 # ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

SECS=${FT_EQUAL_S:-60}
SEED=${SEED:-$RANDOM}
EQUAL=$ft_dir/ft_equal.py
OPTIONS=(--seed "$SEED")
[ -z "$EVENTS" ] || OPTIONS+=(--events "$EVENTS")
[ -z "$FT_EQUAL_SHRINK" ] || OPTIONS+=(--shrink "$FT_EQUAL_SHRINK")
if [ "$KSFT_MACHINE_SLOW" = yes ]; then
	# a debug kernel settles later
	OPTIONS+=(--slow --settle 1000)
fi
export PYTHONDONTWRITEBYTECODE=1

# Usage: equal_test MODE TENTHS: the flowtable of the second router, and how
# much of the time
equal_test()
{
	python3 "$EQUAL" --mode "$1" --seconds $((SECS * $2 / 10)) \
		"${OPTIONS[@]}" || ft_fail "exit status $?"
}

ktap_print_header
ft_require python3 bridge
modprobe nft_flow_offload 2>/dev/null
modprobe xfrm_user 2>/dev/null
if [ -n "$FT_EQUAL_MODE" ]; then
	ktap_set_plan 2
	ft_test "$FT_EQUAL_MODE" equal_test "$FT_EQUAL_MODE" 10
else
	ktap_set_plan 4
	ft_test "no flowtable on either side" equal_test none 1
	ft_test "hardware offload" equal_test hardware 6
	ft_test "software fast path" equal_test software 3
fi
ft_test "the kernel has no complaints" ft_silent_test

ktap_finished
