// SPDX-License-Identifier: GPL-2.0-or-later
// Sums, the plot, flowtables with their devices, and the room in hardware.
import { byId, element, fill, meter, table } from "./dom.js";
import { bytes, count, percent, plural } from "./format.js";
import { addPoint, drawPlot } from "./plot.js";
import { ask } from "./tool.js";

const HOSTS = 8;

const share = (part, whole) => whole > 0 ? part / whole : undefined;
const byteShare = sums => share(sums.hw_bytes, sums.hw_bytes + sums.sw_bytes);

function number(name, value, kind) {
	return element("div", { class: kind }, element("dt", {}, name), element("dd", {}, value));
}

function showNumbers(total) {
	const software = total.flows - total.hardware_flows - total.refused;
	fill(byId("numbers"),
		number("of bytes by hardware", percent(byteShare(total)), "hardware"),
		number("flows", count(total.flows)),
		number("in hardware", count(total.hardware_flows), "hardware"),
		number("in software", count(software), "software"),
		number("refused", count(total.refused), total.refused ? "refused" : null));
}

function showHosts(summary) {
	if (!summary.hosts.length) {
		fill(byId("hosts"), element("p", { class: "empty" }, "There are no flows."));
		return;
	}
	const more = summary.hosts_more ? element("p", { class: "hint" }, `${count(summary.hosts_more)} more`) : null;
	fill(byId("hosts"), table("Hosts with the most bytes",
		[{ name: "Host" }, { name: "Flows", number: true }, { name: "In hardware", number: true },
			{ name: "Bytes", number: true }, { name: "By hardware", number: true }],
		summary.hosts.map(h => [h.addr, count(h.flows), count(h.hardware_flows),
			bytes(h.hw_bytes + h.sw_bytes), percent(byteShare(h))])), more);
}

function roomUse(room) {
	if (room.used === undefined)
		return `use not known, of ${plural(room.size, "rule", "rules")}`;
	const used = share(room.used, room.size) ?? 0;
	const text = `${count(room.used)} of ${plural(room.size, "rule", "rules")}, ${Math.floor(100 * used)} %`;
	return element("span", {}, meter(used, text), element("span", { class: "beside" }, text));
}

function showRooms(rooms) {
	if (rooms.length)
		fill(byId("rooms"), table("Tables of the hardware", [{ name: "Table" }, { name: "In use" }],
			rooms.map(r => [`${r.device} ${r.name}`, roomUse(r)])));
	else
		fill(byId("rooms"), element("p", { class: "empty" }, "No driver reports the size of its table."));
}

function device(d) {
	const title = d.errno ? `cannot offload: ${d.errno}` : "offloads";
	return element("span", { class: d.errno ? "tag refused" : "tag hardware", title },
		d.errno ? `${d.name}: ${d.errno}` : d.name);
}

function devices(t) {
	const more = t.devices_more ? [element("span", { class: "tag" }, `${count(t.devices_more)} more`)] : [];
	if (!t.devices.length)
		return "none";
	return element("span", { class: "tags" }, ...t.devices.map(device), ...more);
}

function occupancy(t) {
	const part = share(t.hardware.flows, t.flows);
	const text = `${count(t.hardware.flows)} of ${plural(t.flows, "flow", "flows")}`;
	if (part === undefined)
		return text;
	const bar = meter(part, text);
	bar.classList.remove("full");
	return element("span", {}, bar, element("span", { class: "beside" }, text));
}

function notes(t) {
	const notes = [];
	if (!t.flags.includes("offload"))
		notes.push("software only");
	if (!t.allowed)
		notes.push("offload is switched off");
	if (!t.flags.includes("counter"))
		notes.push("no counter");
	const waiting = t.queue.add + t.queue.delete + t.queue.stats;
	if (waiting)
		notes.push(`${plural(waiting, "command", "commands")} for drivers`);
	notes.push(...t.reasons.map(r => `${r.reason} ${count(r.count)}×`));
	return notes.join(", ") || "–";
}

function showFlowtables(tables) {
	if (!tables.length) {
		fill(byId("flowtables"), element("p", { class: "empty" },
			"No flowtable is loaded. Add one to the ruleset of nftables, and a rule with “flow add”."));
		return;
	}
	fill(byId("flowtables"), table("Flowtables",
		[{ name: "Flowtable" }, { name: "Devices" }, { name: "In hardware" }, { name: "Notes" }],
		tables.map(t => [`${t.family} ${t.table} ${t.name}`, devices(t), occupancy(t), notes(t)])));
}

// The summary is read even if the overview is hidden: the plot goes on
export async function readSummary() {
	const [{ summary }] = await ask("summary", "limit", String(HOSTS));
	const { total } = summary;
	addPoint(Date.now(), byteShare(total), share(total.hardware_flows, total.flows));
	showNumbers(total);
	showHosts(summary);
	showRooms(summary.rooms);
	drawPlot();
	return total;
}

export async function readFlowtables() {
	const entries = await ask("list", "flowtables");
	showFlowtables(entries.map(e => e.flowtable).filter(Boolean));
}
