// SPDX-License-Identifier: GPL-2.0-or-later
// Findings, the explain form, switches, the log.
import { router } from "./fixtures.mjs";
import { has, open, set, text } from "./helpers.mjs";

const sets = cockpit => cockpit.argv().filter(words => words.includes("set")).map(words => words.join(" "));

// A switch or a form asks first; nothing runs before the yes
async function confirms({ page, cockpit, ok, picture }, press, wanted, name) {
	cockpit.forget();
	await press();
	await has(page, "dialog code", `nft-offload ${wanted}`);
	await page.click("dialog [data-action=cancel]");
	await page.until(() => !document.querySelector("dialog"), "the dialog is closed");
	ok(sets(cockpit).length === 0, `ran after Cancel: ${sets(cockpit)}`);
	await press();
	await has(page, "dialog code", `nft-offload ${wanted}`);
	await picture(name);
	await page.click("dialog [data-action=confirm]");
	await page.until(() => !document.querySelector("dialog"), "the dialog is closed after it ran");
	ok(sets(cockpit).join("\n") === wanted, `ran: ${sets(cockpit).join("\n")}`);
}

export const adminTests = [
	{
		name: "why: what check finds, with what helps, what is wrong first",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await open(context, "why");
			await has(page, "#findings .finding.warn", "the hardware has no room");
			await has(page, "#findings .do", "flush flows that need no hardware");
			const levels = await page.run(() => [...document.querySelectorAll("#findings > ul > .finding")].map(n => n.dataset.level));
			ok(levels.length > 1 && !levels.includes("ok"), levels);
			await picture("why");
		},
	},
	{
		name: "why: check that ends with 1 is shown, too",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router().map(l => l.replace("ipv4/ip_forward 1", "ipv4/ip_forward 0")));
			await open(context, "why");
			await has(page, "#findings .finding.fail", "forwarding");
			ok(await text(page, "#trouble") === "", await text(page, "#trouble"));
		},
	},
	{
		name: "why: the form explains one connection in seven steps",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await open(context, "why");
			for (const [name, value] of Object.entries({ saddr: "192.168.1.44", sport: "33002", daddr: "198.51.100.9", dport: "22" }))
				await set(page, `#explain-form [name=${name}]`, value);
			cockpit.forget();
			await page.click("#explain-form [type=submit]");
			await has(page, "#explanation .verdict", "forwarded in software, by the flowtable; what is wrong: see driver");
			const steps = await page.run(() => [...document.querySelectorAll("#explanation .finding")].map(n => n.dataset.level).join(" "));
			ok(steps === "ok ok ok ok ok ok wrong", steps);
			await has(page, "#explanation .do", "flush flows that need no hardware");
			const asked = cockpit.argv().find(words => words.some(w => w.includes("explain")));
			ok(JSON.stringify(JSON.parse(asked.at(-1))) === JSON.stringify({ nft_offload: [{ explain: { l4proto: "tcp",
				original: { saddr: "192.168.1.44", daddr: "198.51.100.9", sport: 33002, dport: 22 } } }] }), asked);
			await picture("explain");
		},
	},
	{
		name: "why: what is typed cannot become another command",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			await open(context, "why");
			const bad = '192.168.1.44:1 198.51.100.9:1; flush flows; explain tcp "';
			for (const [name, value] of Object.entries({ saddr: bad, sport: "1", daddr: "198.51.100.9", dport: "22", iif: "x; set offload off" }))
				await set(page, `#explain-form [name=${name}]`, value);
			cockpit.forget();
			await page.click("#explain-form [type=submit]");
			await has(page, "#explanation .failure", "expecting an address");
			const asked = cockpit.argv().filter(words => words.some(w => w.includes("flush")));
			ok(asked.length === 1 && JSON.parse(asked[0].at(-1)).nft_offload.length === 1, asked);
			ok(!sets(cockpit).some(line => line.startsWith("set")), sets(cockpit));
			await set(page, "#explain-form [name=saddr]", "192.168.1.44");
			await set(page, "#explain-form [name=sport]", "1; flush flows");
			await page.click("#explain-form [type=submit]");
			await has(page, "#explanation .failure", "A port is a number");
		},
	},
	{
		name: "settings: the switch of offload asks, then runs set offload off",
		async run(context) {
			context.cockpit.fixture(router());
			await open(context, "settings");
			await has(context.page, "#switch-offload[aria-checked=true]", "on");
			await confirms(context, () => context.page.click("#switch-offload"), "set offload off", "confirm");
		},
	},
	{
		name: "settings: the switch of strict asks, then runs set strict on",
		async run(context) {
			context.cockpit.fixture(router());
			await open(context, "settings");
			await has(context.page, "#switch-strict[aria-checked=false]", "off");
			await confirms(context, () => context.page.click("#switch-strict"), "set strict on", "confirm-strict");
		},
	},
	{
		name: "settings: strict of a single flowtable",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await open(context, "settings");
			await has(page, "#flowtable-settings td", "inet router fast");
			await picture("settings");
			const select = "#flowtable-settings select";
			ok(await page.run(s => document.querySelector(s).value, select) === "off", "what is set now");
			await set(page, select, "default", "change");
			await confirms(context, () => page.click("#flowtable-settings [type=submit]"),
				"set flowtable inet router fast strict default", "confirm-flowtable");
		},
	},
	{
		name: "settings: what the kernel refuses is told in the dialog",
		async run(context) {
			const { page, cockpit } = context;
			cockpit.fixture([...router(), "fail sysctl errno=30"]);
			await open(context, "settings");
			await page.click("#switch-offload");
			await page.click("dialog [data-action=confirm]");
			await has(page, "dialog .failure", "Read-only file system");
		},
	},
	{
		name: "log: what the service has written, newest first",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			cockpit.journal([
				{ __REALTIME_TIMESTAMP: "1790000000000000", PRIORITY: "6", MESSAGE: "Starting nft-offload.service - Settings of hardware flow offload..." },
				{ __REALTIME_TIMESTAMP: "1790000001000000", PRIORITY: "3", MESSAGE: [...Buffer.from("<b>bytes</b> are text")] },
				{ __REALTIME_TIMESTAMP: "1790000002000000", PRIORITY: "6", MESSAGE: "Finished nft-offload.service - Settings of hardware flow offload." },
			]);
			await open(context, "log");
			await has(page, "#log-lines td", "Finished");
			const lines = await page.run(() => [...document.querySelectorAll("#log-lines td:last-child")].map(n => n.textContent));
			ok(lines.length === 3 && lines[0].startsWith("Finished") && lines[1] === "<b>bytes</b> are text", lines);
			await picture("log");
			cockpit.journal([]);
			await page.click("#log-refresh");
			await has(page, "#log-lines", "has written nothing");
		},
	},
];
