// SPDX-License-Identifier: GPL-2.0-or-later
// What is missing: the tool, the kernel's module, or rights. One box at the top tells the worst.
import { byId, element, fill } from "./dom.js";

const ADVICE = {
	tool: {
		title: "The program nft-offload is not installed",
		text: "This page shows what it tells.",
		remedy: "apt install nft-offload",
	},
	module: {
		title: "This kernel has no nft_offload",
		text: "The module tells which flows there are. On Debian it is in the package nft-offload-dkms.",
		remedy: "modprobe nft_offload",
	},
	rights: {
		title: "You have no administrative access",
		text: "Flows and settings are for administrators. Switch on administrative access at the top of Cockpit, or log in as root.",
	},
	other: { title: "nft-offload has failed" },
};
const ORDER = Object.keys(ADVICE);

const present = new Map();

export function kindOf(error) {
	const message = error.message || "";
	if (error.problem === "not-found" || error.exit_status === 127)
		return "tool";
	if (error.problem === "access-denied" || error.problem === "not-authorized" ||
	    /not permitted|must be root|Permission denied/.test(message))
		return "rights";
	if (/no nft_offload|no sysctl net\.netfilter/.test(message))
		return "module";
	return "other";
}

function box() {
	const all = [...present.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
	if (!all.length)
		return null;
	const { kind, message } = all[0], advice = ADVICE[kind];
	return element("div", { class: `trouble ${kind}`, "data-kind": kind },
		element("strong", {}, advice.title),
		advice.text ? element("p", {}, advice.text) : null,
		message ? element("p", { class: "message" }, message) : null,
		advice.remedy ? element("p", {}, "Do: ", element("code", {}, advice.remedy)) : null);
}

function show() {
	const node = byId("trouble"), wanted = box();
	// an alert is read aloud each time it changes
	if ((wanted?.textContent || "") !== node.textContent)
		fill(node, wanted);
}

// who: which part of the page
export function trouble(who, error) {
	// where there are no words, the problem's name stands in for them
	const message = error.message === error.problem ? "" : error.message;
	present.set(who, { kind: kindOf(error), message });
	show();
}

export function fine(who) {
	if (present.delete(who))
		show();
}
