// SPDX-License-Identifier: GPL-2.0-or-later
// Dark or light, as Cockpit's shell says.

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark(style) {
	return style === "dark" || (style !== "light" && prefersDark.matches);
}

function apply(style = localStorage.getItem("shell:style")) {
	document.documentElement.classList.toggle("dark", isDark(style));
}

export function startTheme() {
	window.addEventListener("storage", event => {
		if (event.key === "shell:style")
			apply();
	});
	window.addEventListener("cockpit-style", event => apply(event.detail?.style));
	prefersDark.addEventListener("change", () => apply());
	apply();
}
