# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # the variables are vm-run's
# How vm-run starts QEMU. To be sourced by vm-run.

QEMU=${QEMU:-qemu-system-x86_64}

# _qemu_machine ACCEL: the machine and the kernel, without devices
_qemu_machine() {
	local cpu=max
	[ "$1" = tcg ] || cpu=host
	machine=("$QEMU" -M microvm,acpi=off,pit=on,rtc=on -accel "$1" -cpu "$cpu" -m "${mem}M" -smp "$cpus" -nodefaults
		-no-user-config -display none -no-reboot -kernel "$image")
}

# kvm_works: /dev/kvm can be there and still hang every guest: believe only a boot that
# went through (the kernel finds no root, panics, and QEMU ends). Asked once a host boot.
kvm_works() {
	local cache=$build/kvm-probe id answer
	[ -w /dev/kvm ] || return 1
	id=$(cat /proc/sys/kernel/random/boot_id)
	answer=$(sed -n "s/^$id //p" "$cache" 2>/dev/null || :)
	if [ -z "$answer" ]; then
		answer=no
		_qemu_machine kvm
		if timeout -s KILL 8 "${machine[@]}" -serial stdio -append "console=ttyS0 panic=-1 reboot=t root=none" \
			</dev/null 2>/dev/null | grep -q 'Kernel panic - not syncing: VFS'; then
			answer=yes
		fi
		printf '%s %s\n' "$id" "$answer" >"$cache"
	fi
	[ "$answer" = yes ]
}

start_guest() {
	local accel=tcg machine
	type -P "$QEMU" >/dev/null || { note "$QEMU is not installed"; exit 2; }
	[ -n "$instructions" ] || ! kvm_works || accel=kvm
	_qemu_machine "$accel"
	if [ -n "$instructions" ]; then
		machine+=(-icount shift=0)
		args+=(tsc=reliable) # which it is; else there are no timers shorter than a tick
	fi
	machine+=(
		-chardev "file,id=log,path=$log" -serial chardev:log
		-device virtio-rng-device
		-device virtio-serial-device
		-chardev "pipe,id=out,path=$tmp/out.pipe" -device virtserialport,chardev=out,name=out
		-fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
		-device virtio-9p-device,fsdev=root,mount_tag=/dev/root
		-fsdev "local,id=ctl,path=$tmp/ctl,security_model=none" -device virtio-9p-device,fsdev=ctl,mount_tag=ctl
		-fsdev "local,id=results,path=$(realpath "$results"),security_model=none"
		-device virtio-9p-device,fsdev=results,mount_tag=results
	)
	ln -s out "$tmp/out.pipe.out"
	mkfifo "$tmp/out.pipe.in" "$tmp/err.pipe.in"
	# on a busy machine the kernel may see no tick while it looks for the timer, and gives up
	args+=(VM_OUT=out no_timer_check)
	if [ -n "$two" ]; then
		ln -s err "$tmp/err.pipe.out"
		machine+=(-chardev "pipe,id=err,path=$tmp/err.pipe" -device virtserialport,chardev=err,name=err)
		args+=(VM_ERR=err)
	fi
	(
		cd /
		exec setsid "${die_with_us[@]}" "${machine[@]}" -append "console=ttyS0 reboot=t root=/dev/root \
rootfstype=9p rootflags=trans=virtio,version=9p2000.L,msize=512000,cache=loose ro ${args[*]}" \
			</dev/null >>"$tmp/qemu.err" 2>&1
	) &
	guest=$!
}
