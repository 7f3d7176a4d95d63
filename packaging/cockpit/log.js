// SPDX-License-Identifier: GPL-2.0-or-later
// What nft-offload.service has written, newest first.
import { byId, element, fill, table } from "./dom.js";
import { journal } from "./tool.js";

const LINES = 200;

// The journal gives text that is not UTF-8 as an array of bytes
function textOf(message) {
	if (Array.isArray(message))
		return new TextDecoder().decode(new Uint8Array(message));
	return message ?? "";
}

function time(entry) {
	const when = new Date(Number(entry.__REALTIME_TIMESTAMP) / 1000);
	return element("time", { datetime: when.toISOString() }, when.toLocaleString());
}

function message(entry) {
	const bad = Number(entry.PRIORITY ?? 6) <= 4;
	return element("span", { class: bad ? "bad" : null }, textOf(entry.MESSAGE));
}

export async function readLog() {
	const entries = (await journal(LINES)).split("\n").filter(Boolean).map(line => JSON.parse(line)).reverse();
	if (!entries.length)
		fill(byId("log-lines"), element("p", { class: "empty" },
			"nft-offload.service has written nothing. It runs at boot if there is /etc/nft-offload.conf."));
	else
		fill(byId("log-lines"), table("Log of nft-offload.service", [{ name: "Time" }, { name: "Message" }],
			entries.map(e => [time(e), message(e)])));
}
