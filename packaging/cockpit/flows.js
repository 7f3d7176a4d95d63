// SPDX-License-Identifier: GPL-2.0-or-later
// The list of flows: search, order, rows.
import { byId, element, fill } from "./dom.js";
import { openFlow } from "./flow-details.js";
import { COLUMNS, compare, makeRow, matches } from "./flow-row.js";
import { count, plural } from "./format.js";
import { ask } from "./tool.js";
import { VirtualRows } from "./virtual.js";

// More are not read: those with the most bytes are
const LIMIT = 20000;

let rows = [], total = 0, order = { key: "bytes", down: true }, list;

function cells(row) {
	return COLUMNS.map(column => element("span", {
		role: "gridcell", class: `cell ${column.key}${column.number ? " number" : ""}`,
		"data-state": column.key === "state" ? row.flow.state : null,
		"data-label": column.name,
		title: column.key === "state" && row.message ? row.message : null,
	}, column.text(row)));
}

function tell(shown) {
	const of = shown === rows.length ? "" : `${count(shown)} of `;
	const cut = total > rows.length
		? `; only the ${count(rows.length)} with the most bytes of all ${count(total)} are here` : "";
	byId("flows-count").textContent = of + plural(rows.length, "flow", "flows") + cut;
}

function show() {
	const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
	const shown = rows.filter(row => matches(row, words)).sort(compare(order.key, order.down));
	list.set(shown);
	tell(shown.length);
}

function showOrder() {
	byId("sort").value = order.key;
	const text = order.down ? "largest first" : "smallest first", letters = order.down ? "z to a" : "a to z";
	const number = COLUMNS.find(c => c.key === order.key).number;
	const button = byId("sort-order");
	button.textContent = `${order.down ? "▼" : "▲"} ${number ? text : letters}`;
	for (const head of byId("flow-head").children)
		head.dataset.order = head.dataset.key === order.key ? (order.down ? "▼" : "▲") : "";
}

function sortBy(key, down) {
	order = { key, down };
	showOrder();
	byId("flow-grid").scrollTop = 0;
	show();
}

function startOrder() {
	const startsDown = key => Boolean(COLUMNS.find(c => c.key === key).number);
	fill(byId("sort"), ...COLUMNS.map(c => element("option", { value: c.key }, c.name)));
	byId("sort").addEventListener("change", event => sortBy(event.target.value, startsDown(event.target.value)));
	byId("sort-order").addEventListener("click", () => sortBy(order.key, !order.down));
	// for the mouse; keys have "Sort by"
	fill(byId("flow-head"), ...COLUMNS.map(c => element("span", {
		class: `cell ${c.key}${c.number ? " number" : ""}`, "data-key": c.key,
		onclick: () => sortBy(c.key, order.key === c.key ? !order.down : startsDown(c.key)),
	}, c.name)));
	showOrder();
}

export function startFlows(explain) {
	list = new VirtualRows(byId("flow-grid"), byId("flow-rows"), cells, row => openFlow(row, explain));
	byId("search").addEventListener("input", show);
	startOrder();
}

export async function readFlows(known) {
	const entries = await ask("list", "flows", "sort", "bytes", "limit", String(LIMIT));
	rows = entries.filter(e => e.flow).map(e => makeRow(e.flow));
	total = rows.length < LIMIT ? rows.length : Math.max(rows.length, known ?? 0);
	show();
}
