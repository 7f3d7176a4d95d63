// SPDX-License-Identifier: GPL-2.0-or-later
// All that is known of one flow, in a dialog.
import { openDialog } from "./dialog.js";
import { element, facts } from "./dom.js";
import { end } from "./flow-row.js";
import { age, bytes, count } from "./format.js";

const encap = d => d.encap?.map(e => `${e.type} ${e.id}`).join(", ");

function counter(c) {
	return c && `${bytes(c.bytes)} in ${count(c.packets)} packets`;
}

function direction(title, d) {
	return [
		element("h3", {}, title),
		facts([
			["From", end(d.saddr, d.sport)], ["To", end(d.daddr, d.dport)],
			["Path", `${d.iif ?? "?"} › ${d.oif ?? "?"}`], ["Headers", encap(d)],
			["MTU", d.mtu === undefined ? undefined : String(d.mtu)],
			["Software", counter(d.sw)], ["Hardware", counter(d.hw)],
			["In hardware", d.in_hardware === undefined ? undefined : d.in_hardware ? "yes" : "no"],
			["Reason", d.reason], ["Error", d.errno], ["Driver", d.message],
		]),
	];
}

export function openFlow(row, explain) {
	const { flow } = row;
	const general = facts([
		["Flowtable", `${flow.family} ${flow.table} ${flow.flowtable}`], ["State", row.state],
		["Flags", flow.flags.join(", ")], ["Age", age(flow.age)], ["Times out in", age(flow.timeout)],
		["Mark", flow.ct.mark ? `0x${flow.ct.mark.toString(16)}` : undefined],
		["Zone", flow.ct.zone ? String(flow.ct.zone) : undefined],
		["Conntrack id", flow.ct.id === undefined ? undefined : String(flow.ct.id)],
	]);
	openDialog(`${flow.l4proto} ${row.source} › ${row.destination}`,
		[general, ...direction("Original direction", flow.original), ...direction("Reply direction", flow.reply)],
		close => [
			element("button", { type: "button", "data-action": "cancel", onclick: close }, "Close"),
			element("button", {
				type: "button", class: "primary", "data-action": "explain",
				onclick: () => { close(); explain(flow); },
			}, "Explain"),
		]);
}
