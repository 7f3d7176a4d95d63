# Every target calls one script. BASE is a line of kernel/bases.
BASE ?= 7.3

.DEFAULT_GOAL := help
.PHONY: help demo check check-fixes check-qemu check-kasan stress fuzz bench setup tree kernel series absorb selftests deb rpm check-debian check-cockpit check-openwrt clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22
demo: ## packets through the emulated hardware
	@scripts/demo $(BASE)
check: ## every gate and test
	@scripts/ci $(BASE)
check-fixes: ## each fix has a test that fails without it
	@scripts/ci $(BASE) fixes
check-qemu: ## our selftests on x86-64, two processors
	@scripts/ci $(BASE) qemu
check-kasan: ## our selftests under KASAN
	@scripts/ci $(BASE) kasan
stress: ## fifteen minutes of random events, in two debug kernels
	@scripts/ci $(BASE) stress
fuzz: ## ten minutes of random requests, in the KASAN kernel; and the library's parsers
	@scripts/ci $(BASE) fuzz
bench: ## measure, patched against unpatched
	@scripts/bench $(BASE)
setup: ## install what the build and the tests need (Debian)
	@scripts/setup
tree: setup ## kernel source with the series applied in build/
	@scripts/fetch-base $(BASE)
	@scripts/prepare-tree $(BASE)
kernel: tree ## the test kernel
	@scripts/build-kernel $(BASE) uml
series: ## patches/ from kernel/
	@scripts/gen-series $(BASE)
absorb: ## kernel/ from the edited tree
	@scripts/absorb-tree $(BASE)
selftests: kernel ## our selftests in the test kernel
	@scripts/run-selftests $(BASE)
deb: tree ## packages for Debian 13
	@packaging/deb $(BASE)
rpm: ## RPM packages of tool, library and page
	@scripts/setup rpm
	@packaging/rpm/build
check-debian: tree ## the packages with Debian's own kernel
	@packaging/dkms/check $(BASE)
	@packaging/check-debian $(BASE)
check-cockpit: ## the page for Cockpit, in a browser
	@scripts/setup page
	@packaging/cockpit/check
check-openwrt: ## the packages for OpenWrt, and their page in a browser
	@scripts/setup page
	@packaging/openwrt/check
clean: ## remove build/, but for what was downloaded
	@find build -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +
