# shellcheck shell=bash disable=SC2154 # the variables are vm-run's
# What vm-run makes of a guest that has ended. To be sourced by vm-run; it exits.

splats='WARNING:|BUG:|BUG [^ ]+ \(|Oops|kernel BUG|general protection fault|Kernel panic|circular locking'
splats+='|suspicious RCU|inconsistent lock|invalid wait context|KASAN:|UBSAN:|unreferenced object'
splats+='|new suspected memory leaks|ODEBUG:|blocked for more than|detected stall|soft lockup'
splats+='|refcount_t:|unregister_netdevice: waiting for|leaked reference|scheduling while atomic|sleeping function called'
skips='^[[:space:]]*(# )*(not )?ok [0-9]+.*# SKIP|^[[:space:]]*1\.\.0 # SKIP|(^|[[:space:]])\[SKIP\]'
why=()
code=99
[ ! -s "$tmp/qemu.err" ] || cat "$tmp/qemu.err" >>"$log"
tr -d '\r' <"$log" >"$tmp/log"

status=$(cat "$tmp/ctl/status" 2>/dev/null || :)
taint=$(cat "$tmp/ctl/taint" 2>/dev/null || :)
if [ -n "${timed_out:-}" ]; then
	code=124
	why+=("timeout: ${script##*/} did not end within $timeout s (see --timeout); guest ended")
elif [ -z "$status" ]; then
	why+=("the guest ended before ${script##*/} did")
elif [ -z "$taint" ]; then
	why+=("the guest ended early, after ${script##*/} ended with status $status")
fi

grep -nE "$splats" "$tmp/log" >"$tmp/splats" || :
if [ -n "$expect" ]; then
	if grep -qE -- "$expect" "$tmp/splats"; then
		taint=0
		grep -vE -- "$expect" "$tmp/splats" >"$tmp/splats.rest" || :
		mv "$tmp/splats.rest" "$tmp/splats"
	else
		why+=("no splat matched '$expect', which was expected")
	fi
fi
if [ -s "$tmp/splats" ]; then
	why+=("the kernel complained ($(wc -l <"$tmp/splats") lines); first: $(head -1 "$tmp/splats" | cut -d: -f2-)")
fi
# Bit 18 says no more than that an in-kernel test (KUnit) ran.
if [ -n "$taint" ] && [ $((taint & ~(1 << 18) & ~allow_taint)) -ne 0 ]; then
	why+=("the kernel is tainted: $taint (see Documentation/admin-guide/tainted-kernels.rst)")
fi
if [ -s "$tmp/ctl/leaks" ] && [ -z "$expect" ]; then
	why+=("kmemleak: $(grep -c '^unreferenced object' "$tmp/ctl/leaks") objects leaked")
fi

if [ ${#why[@]} -eq 0 ]; then
	code=$status
	if [ "${EXPECT_ALL_FEATURES:-1}" != 0 ]; then
		skipped=$(cat "$tmp/out.txt" "$tmp/err.txt" 2>/dev/null | grep -aEi "$skips" || :)
		if [ -n "$skipped" ]; then
			why+=("skipped: $(head -1 <<<"$skipped")")
		elif [ "$status" = 4 ]; then
			why+=("${script##*/} skipped itself (exit status 4)")
		fi
		# a script that failed keeps its own status
		if [ ${#why[@]} -gt 0 ] && { [ "$status" = 0 ] || [ "$status" = 4 ]; }; then code=98; fi
	fi
else
	{
		if [ -s "$tmp/splats" ]; then
			first=$(head -1 "$tmp/splats" | cut -d: -f1)
			echo "--- kernel log, around line $first ---"
			awk -v n="$first" 'NR >= n - 2 && NR <= n + 45' "$tmp/log"
		elif [ ! -s "$tmp/ctl/leaks" ]; then
			echo "--- end of the kernel log ---"
			tail -n 25 "$tmp/log"
		fi
		if [ -s "$tmp/ctl/leaks" ]; then
			echo "--- kmemleak ---"
			head -n 60 "$tmp/ctl/leaks"
		fi
	} >&2
	[ ! -s "$tmp/ctl/leaks" ] || cat "$tmp/ctl/leaks" >>"$log"
fi
for w in "${why[@]}"; do note "$w"; done
if [ ${#why[@]} -gt 0 ] || [ -n "$verbose" ]; then
	took=$(((${EPOCHREALTIME/./} - ${started/./}) / 10000))
	note "status $code after $((took / 100)).$(printf %02d $((took % 100))) s; kernel log: $log"
fi
exit "$code"
