// SPDX-License-Identifier: GPL-2.0-or-later
// What "nft-offload check" found: what is wrong first, with what helps.
import { byId, element, fill } from "./dom.js";
import { plural } from "./format.js";
import { askCheck } from "./tool.js";

const LEVELS = { fail: "wrong", warn: "warning", unknown: "not known", ok: "ok" };
const ORDER = Object.keys(LEVELS);

export function remedy(text) {
	return text ? element("p", { class: "do" }, element("b", {}, "Do: "), text) : null;
}

function finding(check) {
	const subject = check.subject ? `${check.name}, ${check.subject}` : check.name;
	return element("li", { class: `finding ${check.level}`, "data-level": check.level },
		element("span", { class: "level" }, LEVELS[check.level]),
		element("div", {}, element("b", {}, subject), element("p", {}, check.text), remedy(check.do)));
}

const list = checks => element("ul", { class: "findings" }, ...checks.map(finding));

function others(checks) {
	return element("details", {},
		element("summary", {}, `${plural(checks.length, "check", "checks")} more: right, or not known`), list(checks));
}

export async function readFindings() {
	const button = byId("check-again");
	button.disabled = true;
	try {
		const checks = (await askCheck()).map(e => e.check).filter(Boolean);
		checks.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
		const bad = checks.filter(c => c.level === "fail" || c.level === "warn");
		const rest = checks.filter(c => !bad.includes(c));
		fill(byId("findings"),
			bad.length ? list(bad) : element("p", { class: "empty" }, "Nothing is wrong."),
			rest.length ? others(rest) : null);
	} finally {
		button.disabled = false;
	}
}
