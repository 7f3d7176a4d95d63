# shellcheck shell=bash
# Packages from another Debian suite, through the mirror this machine is configured for,
# without touching its own apt state. To be sourced after lib.sh, with $TMP set.

# apt_mirrors: the Debian archive addresses this machine's apt uses, likeliest first.
apt_mirrors() {
	local codename
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(CREATED_BY)' 2>/dev/null |
		awk -v c="$codename" '$3 == "main" && $4 == "Packages" && $2 !~ /security/ &&
			(c == "" || index($2, c) == 1 || $2 ~ /^(stable|testing|sid)/) && !seen[$1]++ { print $1 }'
}

# apt_private SUITE: an apt of our own that knows only SUITE's main component; sets APT.
apt_private() {
	local dir=$BUILD/cache/apt/$1 key=/usr/share/keyrings/debian-archive-keyring.gpg mirror mirrors
	command -v apt-get >/dev/null || { note "this machine has no apt-get"; return 1; }
	[ -f "$key" ] || { note "$key is missing (package debian-archive-keyring)"; return 1; }
	mirrors=$(apt_mirrors)
	[ -n "$mirrors" ] || { note "no Debian archive in this machine's apt configuration"; return 1; }
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	APT=(apt-get -q=2 -o "Dir::State=$dir/state" -o "Dir::State::status=/dev/null" -o "Dir::Cache=$dir/cache"
		-o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2
		-o APT::Update::Error-Mode=any)
	for mirror in $mirrors; do
		printf 'deb [signed-by=%s] %s %s main\n' "$key" "$mirror" "$1" >"$dir/sources.list"
		"${APT[@]}" update >&2 && return 0
	done
	return 1
}

# apt_download PACKAGE DIR: the newest of that suite, checked by apt against its signed index.
apt_download() { (cd "$2" && "${APT[@]}" download "$1" >&2); }
