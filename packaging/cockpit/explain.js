// SPDX-License-Identifier: GPL-2.0-or-later
// Why is this connection not in hardware? A form, and the steps of the answer.
import { byId, element, fill } from "./dom.js";
import { remedy } from "./findings.js";
import { askCommand } from "./tool.js";

const LEVELS = { ok: "ok", wait: "wait", wrong: "wrong", unknown: "?" };

const form = () => byId("explain-form");

function step(s) {
	return element("li", { class: `finding ${s.level}`, "data-level": s.level },
		element("span", { class: "level" }, LEVELS[s.level]),
		element("div", {}, element("b", {}, s.name), element("p", {}, s.text), remedy(s.do)));
}

function answer(explain) {
	const verdict = explain.verdict ?? `forwarded by: ${explain.layer}`;
	const good = (explain.expect ?? explain.layer) === "hardware";
	fill(byId("explanation"),
		element("p", { class: `verdict ${good ? "hardware" : "software"}` }, verdict),
		element("ol", { class: "findings" }, ...(explain.steps ?? []).map(step)));
}

function failure(error) {
	fill(byId("explanation"), element("p", { class: "failure" }, error.message || String(error.problem)));
}

function port(fields, name) {
	const text = fields.get(name).trim();
	if (!/^\d+$/.test(text) || Number(text) > 65535)
		throw new Error("A port is a number from 0 to 65535.");
	return Number(text);
}

function connection(fields) {
	const text = name => fields.get(name).trim();
	const original = { saddr: text("saddr"), daddr: text("daddr") };
	const command = { l4proto: fields.get("l4proto"), original };
	if (command.l4proto !== "gre")
		Object.assign(original, { sport: port(fields, "sport"), dport: port(fields, "dport") });
	if (text("iif"))
		original.iif = text("iif");
	if (text("zone")) {
		if (!/^\d+$/.test(text("zone")))
			throw new Error("A zone is a number from 0 to 65535.");
		command.ct = { zone: Number(text("zone")) };
	}
	return command;
}

async function submit(event) {
	event.preventDefault();
	try {
		const entries = await askCommand({ explain: connection(new FormData(form())) });
		answer(entries.find(e => e.explain).explain);
	} catch (error) {
		failure(error);
	}
}

function showPorts() {
	const { l4proto, sport, dport } = form().elements;
	sport.disabled = dport.disabled = l4proto.value === "gre";
}

// From the list of flows
export function explainFlow(flow) {
	const { elements } = form(), { original: o } = flow;
	elements.l4proto.value = flow.l4proto;
	elements.saddr.value = o.saddr;
	elements.daddr.value = o.daddr;
	elements.sport.value = o.sport ?? "";
	elements.dport.value = o.dport ?? "";
	elements.iif.value = "";
	elements.zone.value = flow.ct.zone || "";
	showPorts();
	form().requestSubmit();
	elements.saddr.focus();
}

export function startExplain() {
	form().addEventListener("submit", submit);
	form().elements.l4proto.addEventListener("change", showPorts);
}
