#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: events.sh LIB NFT_OFFLOAD FLOWS
#
# Inside a test kernel: do events of FLOWS flows get to "nft-offload monitor", which writes
# them into a file? First the flows are added, as fast as packets make them, then all of
# them end at once, and the flowtable's garbage collector takes them out as fast as it can.
# With a second processor, the monitor takes none of the time of those who make the events.
#
# Prints "events added|gone FLOWS SEEN LOST MICROSECONDS READER-MICROSECONDS": SEEN are
# the events of this kind in the file, LOST those that the numbers of the events lack,
# MICROSECONDS is from the first one in the file to the last, READER-MICROSECONDS is the
# processor time of the monitor meanwhile.
set -o pipefail
here=$(dirname "$0")
# shellcheck source=/dev/null
source "$1"
# shellcheck source=crowd.sh
source "$here/crowd.sh"
NFT_OFFLOAD=$2
flows=$3
seen=$FT_TMP/events

# The reader ends with the guest. A tick is 10 ms.
reader_ticks() { awk '{ print $14 + $15 }' "/proc/$reader/stat"; }
lost() { awk '/^# [0-9]+ events lost$/ { n += $2 } /^# events lost$/ { n++ } END { print n + 0 }' "$seen"; }

# transitions KIND COMMAND...: what the reader sees of what the command does
transitions() {
	local ticks follower us

	ticks=$(reader_ticks)
	: >"$seen"
	python3 "$here/follow.py" "$seen" 3 >"$FT_TMP/us" &
	follower=$!
	"${@:2}" || die "$1: the command failed"
	wait $follower || die "$1: no events"
	us=$(cat "$FT_TMP/us")
	echo "events $1 $flows $(grep -c "^$1 " "$seen") $(lost) $us $((($(reader_ticks) - ticks) * 10000))"
}

crowd_router "$flows"
# shellcheck disable=SC2154 # setup_ns assigns ns_r
ip netns exec "$ns_r" "$NFT_OFFLOAD" monitor >>"$seen" & # appended: it is emptied between
reader=$!
ft_nap 1
transitions added crowd 0 "$flows"
[ "$(crowd_size)" = "$flows" ] || die "$(crowd_size) flows were added, not $flows"
transitions gone router "$NFT_OFFLOAD" flush flows
[ "$(crowd_size)" = 0 ] || die "$(crowd_size) flows are left"
kill $reader
