#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: examples.sh BUILD
#
# The examples: with arguments that are wrong, with a kernel that has no nft_offload,
# and with a fake one (fake-socket.c). Prints KTAP, and fails if a test does.

out=$1
dir=$out/tests/examples
n=0
failed=0
mkdir -p "$dir"

# run PROGRAM ARGUMENT...: its status, and what it writes in $dir/out and $dir/err
run() {
	timeout 20 "$@" > "$dir/out" 2> "$dir/err"
	status=$?
}

# expect STATUS: what there must be in stdout is the input
expect() {
	cat > "$dir/want"
	if [ "$status" -ne "$1" ]; then
		echo "# status $status instead of $1"
		sed 's/^/# /' "$dir/err"
		return 1
	fi
	diff -u "$dir/want" "$dir/out" | sed 's/^/# /'
	cmp -s "$dir/want" "$dir/out"
}

# expect_error TEXT: it fails with this one line
expect_error() {
	expect 1 < /dev/null && [ "$(cat "$dir/err")" = "$1" ] && return
	sed 's/^/# /' "$dir/err"
	return 1
}

flow_1="inet t f: udp 192.0.2.1:1001 -> 198.51.100.1:2000 iif 3 oif 4 [software] mark 0x10 zone 10 ct-id 100"
flow_2="inet t f: udp 192.0.2.1:1002 -> 198.51.100.1:2000 iif 3 oif 4 [pending] mark 0x20 zone 20 ct-id 200"
flow_3="inet t g: udp 192.0.2.1:1003 -> 198.51.100.1:2000 iif 3 oif 4 [hardware] mark 0x30 zone 30 ct-id 300"

# usage is told after what is wrong, and nothing is asked of the kernel
wrong_arguments() {
	for e in flow-list flow-flush flow-monitor flow-explain flowtable-list; do
		run "$out/tests/fake-nftnl-$e" bogus
		expect 1 < /dev/null || return 1
		grep -q "^usage: nftnl-$e" "$dir/err" || return 1
	done
	for e in flow-flush flow-explain; do
		run "$out/tests/fake-nftnl-$e"
		expect 1 < /dev/null || return 1
		grep -q "^usage: nftnl-$e" "$dir/err" || return 1
	done
	for arg in "saddr 192.0.2" "saddr 192.0.2.1-x" "daddr 2001:db8::g" "sport" \
		   "sport 65536" "dport 1-x" "iif no-such-dev" "mark 1/x" "mark -1" \
		   "zone 65536" "ct-id 4294967296" "ct-id -1" "state none" "family x"; do
		# shellcheck disable=SC2086
		run "$out/tests/fake-nftnl-flow-list" $arg
		expect 1 < /dev/null || return 1
		grep -q "^what is \"${arg%% *}\"?" "$dir/err" || return 1
	done
}

# The real socket of this machine: one line tells what is wrong. Where the kernel has
# nft_offload, there is nothing to see here.
no_subsystem() {
	for e in "flow-list" "flow-flush zone 65535 ct-id 1" "flow-monitor" \
		 "flow-explain ct-id 1" "flowtable-list"; do
		# shellcheck disable=SC2086
		run "$out/examples/nftnl-"$e
		if [ "$e" = flow-list ] && [ "$status" -eq 0 ]; then
			skip="this kernel has nft_offload"
			return 0
		fi
		expect 1 < /dev/null || return 1
		[ "$(wc -l < "$dir/err")" -eq 1 ] || return 1
		grep -q '^[a-z]*: [A-Z]\|^this kernel has no nft_offload$' "$dir/err" || return 1
	done
}

refused() {
	for e in flow-list "flow-flush all" "flow-explain ct-id 1" flowtable-list; do
		# shellcheck disable=SC2086
		FAKE=error run "$out/tests/fake-nftnl-"$e
		expect_error "answer: Invalid argument: no such thing" || return 1
		# shellcheck disable=SC2086
		FAKE=refuse run "$out/tests/fake-nftnl-"$e
		expect_error "answer: Invalid argument" || return 1
	done
}

absent() {
	for e in flow-list "flow-flush all" flow-monitor "flow-explain ct-id 1" flowtable-list; do
		# shellcheck disable=SC2086
		FAKE=absent run "$out/tests/fake-nftnl-"$e
		expect_error "this kernel has no nft_offload" || return 1
	done
}

list() {
	list=$out/tests/fake-nftnl-flow-list
	run "$list"
	printf '%s\n' "$flow_1" "$flow_2" "$flow_3" | expect 0 || return 1
	run "$list" family inet table t flowtable f udp saddr 192.0.2.0-192.0.2.255 \
		daddr 198.51.100.1 sport 1002-1003 dport 2000 iif 3 oif 4 \
		mark 0x20/0x20 zone 20 ct-id 200 state hardware,pending
	echo "$flow_2" | expect 0 || return 1
	for arg in "flowtable g" "sport 1003" "mark 0x30" "zone 30" "ct-id 300" \
		   "state hardware"; do
		# shellcheck disable=SC2086
		run "$list" $arg
		echo "$flow_3" | expect 0 || return 1
	done
	run "$list" tcp
	expect 0 < /dev/null
}

flush() {
	run "$out/tests/fake-nftnl-flow-flush" all
	echo "3 flows ended" | expect 0 || return 1
	run "$out/tests/fake-nftnl-flow-flush" flowtable f
	echo "2 flows ended" | expect 0 || return 1
	FAKE=slow run "$out/tests/fake-nftnl-flow-flush" all
	echo "3 flows ended" | expect 0
}

# The fake kernel has no counters: there is nothing to choose from, and the pins end
elephants() {
	run "$out/tests/fake-nftnl-flow-elephants" 1 10 2
	expect 0 < /dev/null || return 1
	for args in "" "1 10" "0 10 1" "1 0 1" "1 10 0" "x 10 1"; do
		# shellcheck disable=SC2086
		run "$out/tests/fake-nftnl-flow-elephants" $args
		expect 1 < /dev/null || return 1
		grep -q "^usage: nftnl-flow-elephants" "$dir/err" || return 1
	done
	run "$out/tests/fake-nftnl-flow-elephants" 1 10 1 bogus
	expect 1 < /dev/null || return 1
	grep -q '^what is "bogus"?' "$dir/err"
}

explain() {
	for arg in "ct-id 200" "udp saddr 192.0.2.1 sport 1002 daddr 198.51.100.1 dport 2000"; do
		# shellcheck disable=SC2086
		run "$out/tests/fake-nftnl-flow-explain" $arg
		expect 0 <<-EOF || return 1
		layer: software
		reason: no-driver
		flowtable: f
		in: lan
		out: wan (no-driver)
		flow: $flow_2
		EOF
	done
}

# in a message that is as long as they get
tables() {
	run "$out/tests/fake-nftnl-flowtable-list"
	grep -c '^	device d' "$dir/out" > "$dir/devices"
	sed -i -e '/^	device d/d' -e 's/^	/- /' "$dir/out"
	expect 0 <<-EOF || return 1
	t f: 105 flows, 106 in hardware
	- device eth0
	- device fifteen-letters: Operation not supported
	- 1 times no-driver
	- 18446744073709551615 times table-full
	- 2 times another error
	- 3 times No space left on device
	EOF
	[ "$(cat "$dir/devices")" -eq 721 ]
}

# Events are lost before and after the first one, their numbers wrap around, and what
# the filter does not let pass counts, too
monitor() {
	run "$out/tests/fake-nftnl-flow-monitor" ct-id 100
	expect 1 <<-EOF || return 1
	added $flow_1 seq 4294967295
	gone $flow_1 cause flushed seq 80
	EOF
	cat > "$dir/want" <<-EOF
	events lost
	3 events lost
	receive: Input/output error
	EOF
	diff -u "$dir/want" "$dir/err" | sed 's/^/# /'
	cmp -s "$dir/want" "$dir/err"
}

case_list="wrong_arguments no_subsystem refused absent list flush elephants explain tables monitor"
echo "KTAP version 1"
# shellcheck disable=SC2086
echo "1..$(echo $case_list | wc -w)"
for t in $case_list; do
	n=$((n + 1))
	skip=
	if $t; then
		echo "ok $n $t${skip:+ # SKIP $skip}"
	else
		echo "not ok $n $t"
		failed=$((failed + 1))
	fi
done
[ $failed -eq 0 ]
