#!/bin/bash
# usage: vm-run.sh [NAME...]
#
# Tests of scripts/vm-run with the kernel in build/uml, or that of NFTO_BASE; KTAP. With names,
# only those tests.
# shellcheck disable=SC2015,SC2016,SC2317 # tests are called by name, and quote guest code
set -uo pipefail
case ${1:-} in
-h | --help) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
-*) echo "vm-run.sh: unknown option '$1'" >&2; exit 2 ;;
esac
scripts=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath -m "${NFTO_BUILD:-${scripts%/*}/build}")
base=${NFTO_BASE:-7.3} kernel=$build/uml
[ "$base" = 7.3 ] || kernel+=-$base
if [ ! -x "$kernel/linux" ]; then
	echo "vm-run.sh: no kernel in $kernel: run scripts/build-kernel $base uml" >&2
	exit 2
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/vm-run-tests.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset EXPECT_ALL_FEATURES

fail() { echo "$*"; exit 1; }
vm() { "$scripts/vm-run" --kernel "$kernel" --log "$work/kernel.log" "$@"; }
# expect STATUS ARGS...: vm-run must end so; its output is in $out and $err
expect() {
	local want=$1 got=0
	shift
	vm "$@" >"$work/out" 2>"$work/err" || got=$?
	out=$(<"$work/out")
	err=$(<"$work/err")
	[ "$got" = "$want" ] || fail "status $got, not $want: $* / $out / $err"
}
has() { [[ $1 == *"$2"* ]] || fail "no '$2' in: $1"; }
is() { [ "$1" = "$2" ] || fail "'$1' is not '$2'"; }
guest() { printf '%s\n' '#!/bin/bash' "$@" >"$work/guest.sh"; chmod +x "$work/guest.sh"; }

test_exit_status() {
	expect 0 true
	is "$out$err" ""
	expect 3 bash -c 'exit 3'
}
test_output_and_streams() {
	expect 0 bash -c 'printf "a\tb\n\nc"; echo oops >&2'
	is "$out" $'a\tb\n\nc'
	is "$err" oops
}
test_output_order_when_merged() {
	vm bash -c 'for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done' >"$work/both" 2>&1
	is "$(tr '\n' ' ' <"$work/both")" "o1 e1 o2 e2 o3 e3 o4 e4 o5 e5 "
}
test_much_output() {
	expect 0 seq 200000
	is "$(sha256sum <"$work/out")" "$(seq 200000 | sha256sum)"
}
test_arguments_directory_environment() {
	mkdir "$work/a dir" && cd "$work/a dir" || exit 1
	# shellcheck disable=SC2016
	printf '%s\n' '#!/bin/bash' 'pwd; printf "<%s>" "$@"; echo "$X $EXPECT_ALL_FEATURES"; cat' >'a script'
	expect 0 --env "X=it's \$HOME" './a script' 'two words' '' '*' "a'b\"c"
	is "$out" "$work/a dir"$'\n'"<two words><><*><a'b\"c>it's \$HOME 1"
}
test_host_is_read_only() {
	touch file
	guest 'echo spoiled >/etc/vm-run-test; rm -f /etc/hostname; echo spoiled >file; echo x >/tmp/vm-run-test' \
		'cat /etc/vm-run-test; true'
	local before
	before=$(sha256sum file /etc/hostname)
	expect 0 ./guest.sh
	is "$out" spoiled
	[ ! -e /etc/vm-run-test ] && [ ! -e /tmp/vm-run-test ] || fail "the guest wrote to the host"
	is "$(sha256sum file /etc/hostname)" "$before"
}
test_results_directory() {
	mkdir results
	expect 0 --results results bash -c 'echo found >/results/file'
	is "$(<results/file)" found
}
test_modules_load_and_unload() {
	expect 0 bash -ec 'modprobe netdevsim; [ -d /sys/bus/netdevsim ]; modprobe -r netdevsim; [ ! -d /sys/bus/netdevsim ]'
}
test_timeout() {
	expect 124 --timeout 3 bash -c 'echo begun; sleep 1000'
	is "$out" begun
	has "$err" "timeout: bash did not end within 3 s"
}
test_leftover_processes_do_not_hang() {
	expect 0 --timeout 20 bash -c 'sleep 1000 & (trap "" TERM HUP; exec sleep 1001) & echo done'
	is "$out" 'done'
}
test_skip_is_a_failure() {
	expect 98 echo 'ok 1 thing # SKIP no tool'
	has "$err" "skipped: ok 1 thing # SKIP no tool"
	expect 98 bash -c 'exit 4'
	expect 1 bash -c 'echo "ok 1 thing # SKIP"; exit 1'
}
test_skip_allowed() {
	EXPECT_ALL_FEATURES=0 expect 0 echo 'ok 1 thing # SKIP no tool'
	EXPECT_ALL_FEATURES=0 expect 4 bash -c 'exit 4'
}
test_splat() {
	expect 99 bash -c 'echo "WARNING: CPU: 0 PID: 1 at a.c:1" >/dev/kmsg'
	has "$err" "the kernel complained"
	has "$err" "at a.c:1"
	expect 0 --expect-splat 'at a\.c:1' bash -c 'echo "WARNING: CPU: 0 PID: 1 at a.c:1" >/dev/kmsg'
	expect 99 --expect-splat 'at b\.c:1' true
	has "$err" "no splat matched"
}
test_taint() {
	expect 99 bash -c 'echo 64 >/proc/sys/kernel/tainted'
	has "$err" "tainted: 64"
}
test_guest_dies() {
	expect 99 bash -c 'kill -SEGV 1; perl -e "syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0)"'
	has "$err" "the guest ended before bash did"
}
test_signal_leaves_nothing() {
	"$scripts/vm-run" --kernel "$kernel" --log "$work/kernel.log" bash -c 'echo up; sleep 1000' >"$work/out" 2>&1 &
	local pid=$! dir
	for _ in $(seq 100); do
		[ -s "$work/out" ] && break
		sleep 0.1
	done
	kill -TERM "$pid"
	wait "$pid"
	is "$?" 143
	dir=$(grep -aoE -m 1 'VM_CTL=[^ ]+' kernel.log)
	has "$dir" /tmp/vm-run.
	! pgrep -f "$dir" >/dev/null || fail "a guest is left"
	[ ! -e "${dir#*=}" ] || fail "${dir#*=} is left"
}
test_two_at_once() {
	vm --log "$work/log1" bash -c 'sleep 1; echo one' >"$work/one" 2>&1 &
	local pid=$!
	expect 0 echo two
	wait "$pid" || fail "the other one failed"
	is "$(<"$work/one") $out" "one two"
}
test_bad_arguments() {
	expect 2 --nonsense
	has "$err" "unknown option '--nonsense'"
	expect 2 --timeout x true
	has "$err" "'x' is not"
	expect 2 /no/such/script
	has "$err" "no such script: /no/such/script"
	expect 2
	expect 0 --help
}

mapfile -t tests < <(declare -F | sed -n 's/^declare -f test_//p')
if [ $# -gt 0 ]; then
	for t in "$@"; do
		declare -F "test_$t" >/dev/null || { echo "vm-run.sh: no test '$t'; there are: ${tests[*]}" >&2; exit 2; }
	done
	tests=("$@")
fi
echo "KTAP version 1"
echo "1..${#tests[@]}"
n=0 failed=0
for t in "${tests[@]}"; do
	n=$((n + 1))
	if why=$(cd "$work" && "test_$t" 2>&1); then
		echo "ok $n $t"
	else
		failed=1
		echo "# ${why//$'\n'/$'\n# '}"
		echo "not ok $n $t"
	fi
	rm -rf "${work:?}"/*
done
exit $failed
