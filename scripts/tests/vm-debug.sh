#!/bin/bash
# usage: vm-debug.sh [--kasan] [NAME...]
#
# Does vm-run fail, for the right reason, when the debug kernel (or the KASAN kernel) finds
# a bug? Loads a module that provokes one bug after the other, a guest each; KTAP.
set -uo pipefail
scripts=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath -m "${NFTO_BUILD:-${scripts%/*}/build}")
lane=debug
names=()
for arg in "$@"; do
	case $arg in
	-h | --help) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
	--kasan) lane=kasan ;;
	-*) echo "vm-debug.sh: unknown option '$arg'" >&2; exit 2 ;;
	*) names+=("$arg") ;;
	esac
done
base=${NFTO_BASE:-7.3} kernel=$build/$lane
[ "$base" = 7.3 ] || kernel+=-$base
if [ ! -x "$kernel/linux" ]; then
	echo "vm-debug.sh: no kernel in $kernel: run scripts/build-kernel $base $lane" >&2
	exit 2
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/vm-debug-tests.XXXXXX")
trap 'rm -rf "$work"' EXIT

cp "$scripts"/tests/splat/* "$work" || exit 1
tree=$(sed -n 's/^include \(.*\)\/Makefile$/\1/p' "$kernel/Makefile")
make -C "$tree" ARCH=um O="$kernel" LOCALVERSION= M="$work" modules >"$work/make.log" 2>&1 ||
	{ cat "$work/make.log" >&2; exit 1; }

declare -A want=(
	[lock_order]='possible circular locking dependency'
	[leak]='kmemleak: .*leaked'
	[sleep_in_atomic]='scheduling while atomic|sleeping function'
	[free_active_timer]='debugobjects|ODEBUG'
	[shift]='UBSAN: shift-out-of-bounds'
	[out_of_bounds]='(BUG kmalloc-|KASAN: slab-out-of-bounds)'
	[use_after_free]='(BUG kmalloc-|KASAN: slab-use-after-free)'
	[oops]='Kernel panic'
)
if [ $lane = kasan ]; then
	want=([use_after_free]='KASAN: slab-use-after-free' [out_of_bounds]='KASAN: slab-out-of-bounds')
fi
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(printf '%s\n' "${!want[@]}" | sort)

echo "KTAP version 1"
echo "1..${#names[@]}"
n=0 failed=0
for name in "${names[@]}"; do
	n=$((n + 1))
	[ -n "${want[$name]:-}" ] || { echo "vm-debug.sh: no test '$name'; there are: ${!want[*]}" >&2; exit 2; }
	leaks=()
	[ "$name" = leak ] || leaks=(--no-leak-scan)
	status=0
	"$scripts/vm-run" --kernel "$kernel" --timeout 120 "${leaks[@]}" --log "$work/log" \
		bash -c "insmod $work/splat.ko what=$name; rmmod splat" >"$work/out" 2>&1 || status=$?
	if [ $status = 99 ] && grep -a '^vm-run:' "$work/out" | grep -qE "${want[$name]}"; then
		echo "ok $n $name"
	else
		failed=1
		sed 's/^/# /' "$work/out"
		echo "not ok $n $name # status $status"
	fi
done
exit $failed
