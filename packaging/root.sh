# shellcheck shell=bash
# A Debian 13 with the headers of its kernel from backports, in build/debian/root: what is
# built there has Debian's own compiler, and depends on Debian's own libraries. To be sourced
# after lib.sh and apt.sh.

DEBIAN_ROOT=$BUILD/debian/root
DEBIAN_SUITE=trixie
DEBIAN_KERNEL=7.3.4+deb13-amd64
DEBIAN_PACKAGES=(
	build-essential debhelper dkms fakeroot lintian
	bison flex libjansson-dev libmnl-dev libnftables-dev libreadline-dev pkgconf
	bash-completion conntrack iproute2 kmod nftables procps systemd
	"linux-headers-$DEBIAN_KERNEL"
)

# debian_root: make it, unless it is there with all of these packages.
debian_root() {
	local want mirror mirrors new=$BUILD/debian/new
	want="$DEBIAN_SUITE ${DEBIAN_PACKAGES[*]}"
	[ "$(cat "$DEBIAN_ROOT.stamp" 2>/dev/null)" != "$want" ] || return 0
	[ "$(id -u)" -eq 0 ] || die "must be root to make a Debian $DEBIAN_SUITE root"
	take_lock debian
	command -v mmdebstrap >/dev/null ||
		DEBIAN_FRONTEND=noninteractive apt-get -q=2 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 \
			install -y --no-install-recommends mmdebstrap >&2 || die "cannot install mmdebstrap (above is what apt said)"
	mirrors=$(apt_mirrors)
	[ -n "$mirrors" ] || die "no Debian archive in this machine's apt configuration"
	rm -rf "$new" "$DEBIAN_ROOT.stamp"
	mkdir -p "${new%/*}"
	note "making a Debian $DEBIAN_SUITE root in build/debian: a minute or four"
	for mirror in $mirrors; do
		mmdebstrap --mode=root --variant=apt --include="$(IFS=,; echo "${DEBIAN_PACKAGES[*]}")" \
			--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
			"$DEBIAN_SUITE" "$new" "deb $mirror $DEBIAN_SUITE main" "deb $mirror $DEBIAN_SUITE-backports main" \
			>"$BUILD/debian/mmdebstrap.log" 2>&1 || continue
		rm -rf "$DEBIAN_ROOT"
		mv "$new" "$DEBIAN_ROOT"
		printf '%s\n' "$want" >"$DEBIAN_ROOT.stamp"
		return 0
	done
	tail -n 20 "$BUILD/debian/mmdebstrap.log" >&2
	die "cannot make a Debian $DEBIAN_SUITE root (above is what mmdebstrap said)"
}

# in_root DIR COMMAND...: there, without network, with DIR as /work. A command of its own
# file systems and processes: nothing of it stays.
in_root() {
	local dir=$1
	shift
	mkdir -p "$DEBIAN_ROOT/work"
	# shellcheck disable=SC2016 # for the shell there
	unshare --mount --net --pid --fork --kill-child sh -ec '
		root=$1 dir=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs tmpfs "$root/tmp"
		mount --bind "$dir" "$root/work"
		cd "$root"
		exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH-}" sh -c "cd /work && exec \"\$@\"" sh "$@"' \
		sh "$DEBIAN_ROOT" "$dir" "$@"
}

# What packaging/check-debian wants besides: Debian's kernel, the one of $DEBIAN_SUITE itself, for
# which no modules are built, and what the tests run.
DEBIAN_LANE_PACKAGES=(
	linux-image-amd64 linux-headers-amd64
	bpftool curl ethtool iputils-ping jq nfdump prometheus-node-exporter tshark ulogd2 ulogd2-json
)
DEBIAN_KERNEL_ROOT=$BUILD/debian/kernel

# debian_kernel: all of this, installed over that root; what it adds is in $DEBIAN_KERNEL_ROOT.
debian_kernel() {
	local d=$BUILD/debian/kernel-new root=$DEBIAN_ROOT stamp=$DEBIAN_KERNEL_ROOT.stamp
	if [ "$(cat "$stamp" 2>/dev/null)" = "$DEBIAN_KERNEL ${DEBIAN_LANE_PACKAGES[*]}" ] && [ ! "$stamp" -ot "$DEBIAN_ROOT.stamp" ]; then return; fi
	take_lock debian
	note "installing Debian's kernels and what the tests run in build/debian: some minutes"
	rm -rf "$d" "$DEBIAN_KERNEL_ROOT" "$stamp"
	mkdir -p "$d"/{upper,work,root} "$BUILD/logs"
	# shellcheck disable=SC2016 # for the shell there
	unshare --mount --pid --fork --kill-child sh -ec '
		mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
		mount -t proc proc "$2/root/proc"
		mount --rbind /dev "$2/root/dev"
		mount -t tmpfs tmpfs "$2/root/tmp"
		[ ! -e /etc/resolv.conf ] || cp /etc/resolv.conf "$2/root/etc"
		root=$2/root
		shift 2
		chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive INITRD=No \
			sh -ec "apt-get -q=2 update
				install=\"apt-get -q=2 -o Dpkg::Use-Pty=0 install -y --no-install-recommends\"
				\$install -t \"\$1\" \"\$2\"
				shift 2
				\$install \"\$@\"" sh "$@"' \
		sh "$root" "$d" "$DEBIAN_SUITE-backports" "linux-image-$DEBIAN_KERNEL" "${DEBIAN_LANE_PACKAGES[@]}" >"$BUILD/logs/debian-kernel.log" 2>&1 ||
		{ tail -n 20 "$BUILD/logs/debian-kernel.log" >&2; die "cannot install linux-image-$DEBIAN_KERNEL ${DEBIAN_LANE_PACKAGES[*]} (above is why)"; }
	mv "$d/upper" "$DEBIAN_KERNEL_ROOT"
	rm -rf "$d"
	printf '%s\n' "$DEBIAN_KERNEL ${DEBIAN_LANE_PACKAGES[*]}" >"$stamp"
}
