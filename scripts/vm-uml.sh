# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # the variables are vm-run's
# How vm-run starts User Mode Linux. To be sourced by vm-run.

start_guest() {
	local smp channels=(ssl0=null,fd:3) err=/dev/null
	args+=(VM_OUT=/dev/ttyS0)
	if [ -n "$two" ]; then
		args+=(VM_ERR=/dev/ttyS1)
		channels+=(ssl1=null,fd:4)
		err=$tmp/err
	fi
	# More than one processor needs the seccomp way of running processes, which is also faster.
	if grep -q '^CONFIG_SMP=y' "$kernel/.config" && [ "$cpus" -gt 1 ]; then
		smp=(seccomp=on "ncpus=$cpus")
	else
		smp=(seccomp=auto)
	fi
	(
		unset TMPDIR TMP TEMP # the memory file goes to /dev/shm, deleted as soon as it is open
		cd /
		exec setsid "${die_with_us[@]}" "$image" "mem=${mem}M" "${smp[@]}" root=/dev/root rootfstype=hostfs \
			rootflags=/ ro "uml_dir=$tmp/" umid=uml con=null con0=null,fd:1 ssl=null "${channels[@]}" \
			"${args[@]}" </dev/null >"$log" 2>&1 3>"$tmp/out" 4>"$err"
	) &
	guest=$!
}
