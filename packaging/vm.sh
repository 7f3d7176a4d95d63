# shellcheck shell=bash
# Guests that have a Debian 13 as root, and one of its kernels. To be sourced after lib.sh,
# root.sh and scratch.
# shellcheck disable=SC2153 # ROOT is lib.sh's

BASE_ROOT=$DEBIAN_ROOT
ROOTS=()

# fresh_root NAME [NAME]: an own Debian 13 with its kernels, in $DEBIAN_ROOT; with a second name,
# as that one is now, which is not to change any more. What is written is in $TMP/NAME/upper.
fresh_root() {
	local vm=$TMP/$1 lower=$DEBIAN_KERNEL_ROOT:$BASE_ROOT
	[ $# -lt 2 ] || lower=$TMP/$2/upper:$lower
	mkdir -p "$vm"/{upper,work,root}
	mount -t overlay overlay -o "lowerdir=$lower,upperdir=$vm/upper,workdir=$vm/work" "$vm/root"
	ROOTS+=("$vm/root")
	DEBIAN_ROOT=$vm/root
	# lines of README are run as they are printed there
	echo 'APT::Get::Assume-Yes "true";' >"$DEBIAN_ROOT/etc/apt/apt.conf.d/99yes"
}
remove_roots() {
	local root
	for root in "${ROOTS[@]}"; do ! mountpoint -q "$root" || umount -l "$root" || :; done
	rm -rf "$TMP"
}

# initrd KERNEL: one that finds the root, in $TMP/KERNEL.img
initrd() {
	local kernel=$1 modules=$DEBIAN_ROOT/usr/lib/modules/$1 dir=$TMP/initrd-$1 m
	[ ! -s "$TMP/$kernel.img" ] || return 0
	mkdir -p "$dir"/{bin,dev,modules,proc,root,sys}
	# in the order of their dependencies
	modprobe -d "$DEBIAN_ROOT/usr" -S "$kernel" --show-depends -a 9p 9pnet_virtio |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$TMP/order"
	[ -s "$TMP/order" ] || die "cannot tell which modules 9p takes in $kernel"
	while read -r m; do
		m=${m##*/modules/"$kernel"/}
		xz -dc "$modules/$m" >"$dir/modules/$(basename "$m" .xz)"
		basename "$m" .xz >>"$dir/modules/order"
	done <"$TMP/order"
	cp /bin/busybox "$dir/bin"
	ln -s busybox "$dir/bin/sh"
	cp "$ROOT/packaging/tests/init" "$dir/init"
	chmod +x "$dir/init"
	(cd "$dir" && find . | cpio -o -H newc --quiet) >"$TMP/$kernel.img"
}

# boot NAME KERNEL SECONDS [PROGRAM]: a guest with $DEBIAN_ROOT as its root runs
# tests/guest-NAME, or PROGRAM that starts it; its KTAP goes to stdout. Logs are
# build/logs/check-debian-NAME.*. Fails if a test failed, or not all were run.
boot() {
	local name=$1 kernel=$2 log=$BUILD/logs/check-debian-$1 out=$TMP/$1.out
	initrd "$kernel"
	cp "$ROOT"/packaging/tests/guest-* "$DEBIAN_ROOT/root"
	: >"$out"
	note "booting $kernel: $name"
	# The clock of a guest that computes counts instructions, 8 ns each: a busy
	# machine is a slow one to it, and not one that misses what was due.
	timeout --foreground -s KILL "$3" "${QEMU:-qemu-system-x86_64}" -M q35 -accel tcg,thread=single -icount shift=3 \
		-rtc clock=vm -cpu max -m 1536M -smp 1 -nodefaults -no-user-config \
		-display none -no-reboot -kernel "$DEBIAN_ROOT/boot/vmlinuz-$kernel" -initrd "$TMP/$kernel.img" \
		-append "console=ttyS0 panic=-1 no_timer_check quiet loglevel=5 guest=$name first=${4-}" \
		-serial "file:$TMP/console" -serial "file:$out" \
		-fsdev "local,id=root,path=$DEBIAN_ROOT,security_model=none,multidevs=remap" \
		-device virtio-9p-pci,fsdev=root,mount_tag=root \
		</dev/null || note "QEMU has ended with status $?"
	cp "$TMP/console" "$log.console"
	cp "$DEBIAN_ROOT/root/dmesg" "$log.dmesg" 2>/dev/null || :
	tr -d '\r' <"$out" | tee "$log.log" | sed -E "s/^((not )?ok [0-9]+ - )/\1$name: /"
	if ! grep -q '^1\.\.' "$out"; then
		tail -n 30 "$TMP/console" | sed 's/^/# /'
		echo "not ok - $name: the guest came to its end"
		return 1
	fi
	! grep -q '^not ok' "$out"
}
