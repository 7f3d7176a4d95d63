# shellcheck shell=bash
# For check-debian: whatever goes wrong with the installation, Debian's modules go on.
# shellcheck disable=SC2016,SC2154,SC2317,SC2329 # of check-debian; t calls, by name

# install_dkms [DIRECTORY]: in $DEBIAN_ROOT; says what apt said
install_dkms() {
	# shellcheck disable=SC2046 # names without blanks
	apt_install "$packages" $(debs nft-offload-dkms) >"$TMP/said" 2>&1
	local status=$?
	cat "$TMP/said"
	return $status
}
says() { grep -qF -- "$1" "$TMP/said" || { echo "it does not say: $1"; cat "$TMP/said"; return 1; }; }
configured() { [ "$(in_root "$TMP" dpkg-query -W -f '${db:Status-Status}' nft-offload-dkms)" = installed ]; }
ours_installed() {
	local m
	for m in nf_flow_table nft_flow_offload nft_offload; do
		modprobe -d "$DEBIAN_ROOT/usr" -S "$kernel" --show-depends $m | tail -n 1 | grep /updates/ || return
		xz -t "$DEBIAN_ROOT/usr/lib/modules/$kernel/updates/dkms/$m.ko.xz" || return
	done
	cmp "$DEBIAN_KERNEL_ROOT/usr/lib/modules/$kernel/kernel/net/netfilter/nf_flow_table.ko.xz" \
		"$DEBIAN_ROOT/usr/lib/modules/$kernel/kernel/net/netfilter/nf_flow_table.ko.xz"
}
again() { in_root "$TMP" dpkg-reconfigure -f noninteractive nft-offload-dkms && ours_installed; }

# Only kernels that the modules are not for
wrong_kernel() {
	rm -rf "$DEBIAN_ROOT/usr/lib/modules/$kernel" "$DEBIAN_ROOT/boot/config-$kernel"
	install_dkms && configured && says "no kernel of this machine has these modules" && says README.Debian &&
		modules_of_debian "$OTHER_KERNEL"
}
no_headers() {
	rm -rf "$DEBIAN_ROOT/usr/lib/modules/$kernel/build" "$DEBIAN_ROOT/usr/lib/modules/$OTHER_KERNEL"
	install_dkms && configured && says "no kernel of this machine has these modules" && modules_of_debian
}
headers_come() {
	ln -s "/usr/src/linux-headers-$kernel" "$DEBIAN_ROOT/usr/lib/modules/$kernel/build"
	again
}
no_compiler() {
	rm -f "$DEBIAN_ROOT"/usr/bin/{gcc,x86_64-linux-gnu-gcc}*
	install_dkms && configured && says "have not been built or installed" && says make.log && modules_of_debian
}
# the firmware says that secure boot is on; the key of DKMS is in no list
secure_boot() {
	mkdir -p "$DEBIAN_ROOT/sys/firmware/efi/efivars"
	printf '\6\0\0\0\1' >"$DEBIAN_ROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	install_dkms && configured && says "secure boot is on, and DKMS' key is not enrolled" && modules_of_debian
}
key_enrolled() {
	printf '#!/bin/sh\necho "$2 is already enrolled"\n' >"$DEBIAN_ROOT/usr/bin/mokutil"
	chmod +x "$DEBIAN_ROOT/usr/bin/mokutil"
	again
}
# small DIRECTORY KIB: a file system of that size there, of what is there already
small() {
	local dir=$DEBIAN_ROOT/$1
	mkdir -p "$dir" "$TMP/small"
	mount -t tmpfs -o "size=$2k" tmpfs "$dir"
	SMALL=$dir
}
with_room() { umount "$SMALL" && [ "$1" -eq 0 ] && modules_of_debian; }
# where modules go
full_modules() {
	small "usr/lib/modules/$kernel/updates" 200
	install_dkms && configured && says "no room for the modules" && says "have not been built or installed"
	with_room $?
}
# where they are built
full_build() {
	small var/lib/dkms 1500
	install_dkms && configured && says "have not been built or installed"
	with_room $?
}
# killed PATTERN: the installation, with all of its processes, once a file is there
killed() {
	local pid i
	# shellcheck disable=SC2046 # names without blanks
	apt_install "$packages" $(debs nft-offload-dkms) >"$TMP/said" 2>&1 &
	pid=$!
	for ((i = 0; i < 60000; i++)); do
		if compgen -G "$DEBIAN_ROOT/$1" >/dev/null || ! kill -0 $pid; then break; fi
		sleep 0.01
	done
	# in_root's own process takes all others along
	kill -KILL $(pgrep -P $pid) $pid
	wait $pid 2>/dev/null
	compgen -G "$DEBIAN_ROOT/$1" || { echo "it was over, or there never was $1"; return 1; }
	! configured || { echo "it was over"; return 1; }
	loads_debian
}
# after a crash: modprobe finds modules that are whole and belong together
loads_debian() {
	local m f
	for m in nf_flow_table nft_flow_offload; do
		f=$(modprobe -d "$DEBIAN_ROOT/usr" -S "$kernel" --show-depends $m | tail -n 1)
		echo "$f"
		[[ $f = */kernel/net/netfilter/$m.ko.xz* ]] || return
		f=${f#insmod }
		xz -dc "${f% }" | cmp - <(xz -dc "$DEBIAN_KERNEL_ROOT/usr/lib/modules/$kernel/kernel/net/netfilter/$m.ko.xz") || return
	done
}
goes_on() { in_root "$TMP" dpkg --configure -a && ours_installed; }

part_trouble() {
	local f
	for f in wrong_kernel "no_headers headers_come" no_compiler "secure_boot key_enrolled" \
		"full_modules again" "full_build again" killed_building killed_installing; do
		fresh_root "trouble-${f%% *}"
		case $f in
		wrong_kernel) t "no kernel that the modules are for: installed, told, and Debian's go on" wrong_kernel ;;
		no_headers*)
			t "no headers: told, and Debian's modules go on" no_headers
			t "with headers, dpkg-reconfigure installs them" headers_come ;;
		no_compiler) t "the build fails: told, and Debian's modules go on" no_compiler ;;
		secure_boot*)
			t "secure boot without a key: told, and Debian's modules go on" secure_boot
			t "with the key, dpkg-reconfigure installs them" key_enrolled ;;
		full_modules*)
			t "no room in /lib/modules: told, and Debian's modules go on" full_modules
			t "with room, dpkg-reconfigure installs them" again ;;
		full_build*)
			t "no room in /var/lib/dkms: told, and Debian's modules go on" full_build
			t "with room, dpkg-reconfigure installs them" again ;;
		killed_building)
			t "killed while it builds: Debian's modules go on" killed "var/lib/dkms/nft-offload/*/build/nft_offload_main.o"
			t "dpkg --configure -a installs them" goes_on ;;
		killed_installing)
			t "killed while it installs: Debian's modules go on" killed "usr/lib/modules/$kernel/updates/dkms/nf_flow_table.ko*"
			t "dpkg --configure -a installs them" goes_on ;;
		esac
	done
}
