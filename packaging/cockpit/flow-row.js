// SPDX-License-Identifier: GPL-2.0-or-later
// A flow as a row: what is shown, sorted by and searched.
import { age, bytes, percent } from "./format.js";

export const STATES = {
	hardware: "hardware", software: "software", pending: "asked", failed: "refused",
	closing: "closing", unknown: "unknown",
};

export function end(addr, port) {
	if (port === undefined)
		return addr;
	return addr.includes(":") ? `[${addr}]:${port}` : `${addr}:${port}`;
}

function sum(flow, key) {
	const both = [flow.original[key], flow.reply[key]].filter(c => c !== undefined);
	return both.length ? both.reduce((n, c) => n + (c.bytes ?? c), 0) : undefined;
}

function why(flow) {
	const one = [flow.original, flow.reply].find(d => d.reason);
	return one ? { reason: one.reason, message: one.message, errno: one.errno } : {};
}

export function makeRow(flow) {
	const { original: o } = flow, { reason, message } = why(flow);
	const total = sum(flow, "bytes"), hw = sum(flow, "hw");
	const row = {
		flow, reason, message, id: flow.id,
		l4proto: flow.l4proto,
		source: end(o.saddr, o.sport),
		destination: end(o.daddr, o.dport),
		path: `${o.iif ?? "?"} › ${o.oif ?? "?"}`,
		state: STATES[flow.state],
		nat: flow.flags.some(f => f === "snat" || f === "dnat"),
		age: flow.age, bytes: total,
		share: total && hw !== undefined ? hw / total : undefined,
	};
	// IPv6 after IPv4
	row.order = { source: row.source.replace("[", ""), destination: row.destination.replace("[", "") };
	row.text = [row.l4proto, row.source, row.destination, row.path, row.state, reason, message,
		flow.table, flow.flowtable, row.nat ? "nat" : ""].join(" ").toLowerCase();
	return row;
}

function stateText(row) {
	const text = row.reason ? `${row.state}: ${row.reason}` : row.state;
	return row.nat ? `${text}, NAT` : text;
}

// Numbers begin with the largest, words with a
export const COLUMNS = [
	{ key: "l4proto", name: "Protocol", text: r => r.l4proto },
	{ key: "source", name: "Source", text: r => r.source },
	{ key: "destination", name: "Destination", text: r => r.destination },
	{ key: "path", name: "Path", text: r => r.path },
	{ key: "state", name: "State", text: stateText },
	{ key: "age", name: "Age", number: true, text: r => age(r.age) },
	{ key: "bytes", name: "Bytes", number: true, text: r => bytes(r.bytes) },
	{ key: "share", name: "By hardware", number: true, text: r => percent(r.share) },
];

const collator = new Intl.Collator("en", { numeric: true });

export function compare(key, down) {
	const column = COLUMNS.find(c => c.key === key), turn = down ? -1 : 1;
	if (column.number)
		return (a, b) => turn * ((a[key] ?? -1) - (b[key] ?? -1));
	return (a, b) => turn * collator.compare(a.order[key] ?? a[key], b.order[key] ?? b[key]);
}

// All words have to be in it
export function matches(row, words) {
	return words.every(word => row.text.includes(word));
}
