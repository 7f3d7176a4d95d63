// SPDX-License-Identifier: GPL-2.0-or-later
// run.mjs PLUGIN TOOL PICTURES [NAME...]: the views in a browser, with the plugin of rpcd and the
// tool's test build behind them; TAP. The browser and the routers are those of the page for Cockpit.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser } from "../../../cockpit/test/browser.mjs";
import { EXPLAIN, markup, router } from "../../../cockpit/test/fixtures.mjs";
import { Server, toUci } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [plugin, tool, pictures, ...names] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "luci-test."));
const fixture = join(work, "fixture"), problems = join(work, "var/run/nft-offload/problems"), saved = join(work, "uci");
mkdirSync(pictures, { recursive: true });
mkdirSync(join(work, "bin"));
mkdirSync(dirname(problems), { recursive: true });
symlinkSync(tool, join(work, "bin/nft-offload"));

const server = new Server({ plugin, saved, env: {
	...process.env, PATH: `${join(work, "bin")}:${process.env.PATH}`, FIXTURE: fixture, NFT_OFFLOAD_ROOT: work } });

function ok(good, why) {
	if (!good)
		throw new Error(why);
}
function same(what, wanted, got) {
	ok(wanted === got, `${what}: wanted\n${wanted}\ngot\n${got}`);
}

const be = (lines, said = "") => {
	writeFileSync(fixture, lines.join("\n") + "\n");
	writeFileSync(problems, said);
};
const text = (page, selector) => page.run(s => document.querySelector(s)?.innerText ?? null, selector);
const rows = (page, id) => page.run(i => [...document.querySelectorAll(`#${i} tr:not(.table-titles):not(.placeholder)`)]
	.map(tr => [...tr.children].map(td => td.innerText.trim())), id);
async function open(page, view) {
	await page.go(`${server.url}/?view=${view}`);
	await page.until(() => document.body.classList.contains("shown"), "the view is shown");
}

const GLOBAL = { ".name": "global", ".type": "global", enabled: "1" };
const PFT = { ".name": "pft", ".type": "pft", enabled: "0", device: ["br-lan", "wan"] };
const field = (section, option) => `[data-section="${section}"] [data-option="${option}"]`;
const set = (page, section, option, value) => page.run((selector, v) => {
	const node = document.querySelector(`${selector} input, ${selector} select`);
	if (node.type === "checkbox")
		node.checked = v;
	else
		node.value = v;
	if (node.tagName === "SELECT" && node.value !== v)
		throw new Error(`${selector} has no ${v}`);
}, field(section, option), value);
const save = page => page.run(() => window.theMap.save());
async function addPolicy(page) {
	await page.click("[data-type=policy] button.add");
	return page.until(() => document.querySelector("[data-type=policy] fieldset:last-of-type")?.dataset.section, "a policy is added");
}

// What the service makes of what was saved
function commands() {
	const root = join(work, "root");
	rmSync(root, { recursive: true, force: true });
	["usr/share", "var/run", "etc/config", "sys/class/net/wan"].forEach(d => mkdirSync(join(root, d), { recursive: true }));
	symlinkSync(join(here, "../../nft-offload/files/usr/share/nft-offload"), join(root, "usr/share/nft-offload"));
	copyFileSync(saved, join(root, "etc/config/nft-offload"));
	writeFileSync(join(root, "log"), "");
	execFileSync("busybox", ["ash", join(here, "../stub/rc.common"), join(here, "../../nft-offload/files/etc/init.d/nft-offload"), "start"],
		{ env: { ...process.env, PATH: `${join(here, "../bin")}:${process.env.PATH}`, NFT_OFFLOAD_ROOT: root, TOOL: tool, FIXTURE: fixture }, stdio: ["ignore", "ignore", "inherit"] });
	return readFileSync(join(root, "log"), "utf8");
}

const tests = {
	async "status: share, flowtables, reasons"(page, picture) {
		be(router());
		await open(page, "status");
		const [total] = await rows(page, "total");
		same("sums", "14", total[1]);
		same("share", "89 %", total[0]);
		const [flowtable] = await rows(page, "flowtables");
		same("flowtable", "inet router fast", flowtable[0]);
		ok(flowtable[1].includes("lan2 (cannot offload: EOPNOTSUPP)"), flowtable[1]);
		ok((await rows(page, "reasons")).some(r => r[0] === "table-full" && r[1] === "2"), "table-full");
		const [room] = await rows(page, "rooms");
		same("room", "92 %", room[2]);
		await picture("status");
	},
	async "status: flows, and only those of a state"(page) {
		be(router());
		await open(page, "status");
		const all = await rows(page, "flows");
		same("flows", 14, all.length);
		same("source", "192.168.1.20:40001", all[0][1]);
		ok(all.some(r => r[1] === "[2001:db8:1::20]:40100"), "IPv6 in brackets");
		await page.run(() => {
			const select = document.getElementById("state");
			select.value = "failed";
			select.dispatchEvent(new Event("change"));
		});
		await page.until(() => document.querySelectorAll("#flows tr:not(.table-titles)").length === 2, "two flows are refused");
		ok((await rows(page, "flows")).every(r => r[5] === "table-full"), "their reason");
	},
	async "status: why is a flow not in hardware"(page, picture) {
		be(router());
		await open(page, "status");
		await page.run(() => [...document.querySelectorAll("#flows tr")].find(tr => tr.innerText.includes("192.168.1.44:33002")).querySelector("button").click());
		await page.until(() => document.querySelector("#modal li"), "the answer is there");
		const steps = await text(page, "#steps");
		ok(steps.includes("wrong driver: ") && steps.includes("table-full"), steps);
		const { params } = server.asked.findLast(a => a.method === "explain");
		same("asked", "tcp 192.168.1.44 33002 198.51.100.9 22", [params.l4proto, params.saddr, params.sport, params.daddr, params.dport].join(" "));
		await picture("why");
		await page.click("#modal button");
		ok(!await page.run(() => document.getElementById("modal")), "it closes");
	},
	async "status: check"(page) {
		be(router());
		await open(page, "status");
		await page.click("#check");
		await page.until(() => document.querySelector("#modal li"), "findings are there");
		const found = await text(page, "#steps");
		ok(found.includes("refused") && !/^ok /m.test(found), found);
	},
	async "status: it is read again"(page) {
		be(router());
		await open(page, "status");
		be(router(100));
		await page.run(() => window.luci.refresh());
		same("room", "1 %", (await rows(page, "rooms"))[0][2]);
	},
	async "status: problems of the service"(page) {
		be(router(), "pft: none of its devices is there\npolicy x: <b>bad</b>\n");
		await open(page, "status");
		same("problems", "pft: none of its devices is there\npolicy x: <b>bad</b>", await text(page, "#problems"));
	},
	async "status: no module, and it comes"(page) {
		be(["fail family errno=2"]);
		await open(page, "status");
		ok((await text(page, "#error")).startsWith("this kernel has no nft_offload"), await text(page, "#error"));
		be(router());
		await page.run(() => window.luci.refresh());
		same("error", null, await text(page, "#error"));
	},
	async "status: names are no markup"(page) {
		be([...markup(), ...EXPLAIN.slice(0, 0)]);
		await open(page, "status");
		await page.run(() => document.querySelector("#flows button").click());
		await page.until(() => document.querySelector("#modal li"), "the answer is there");
		same("title", "router", await page.run(() => document.title));
		same("elements", 0, await page.run(() => document.querySelectorAll("img, i, u, s, em, #view b, #modal b, #view script").length));
		ok((await rows(page, "flowtables"))[0][0].includes("<img src=x"), "the name as it is");
	},
	async "status: nothing there"(page) {
		be(["device 3 lan1", "sysctl nf_flow_offload 1", "sysctl nf_flow_offload_strict 1"]);
		await open(page, "status");
		ok((await text(page, "#view")).includes("No flowtable is loaded."), "flowtables");
		ok((await text(page, "#view")).includes("There are no such flows."), "flows");
		same("share", "–", (await rows(page, "total"))[0][0]);
	},
	async "configuration: a policy, down to the tool's command"(page, picture) {
		be(router());
		server.uci = [GLOBAL, PFT];
		await open(page, "config");
		const policy = await addPolicy(page);
		for (const [option, value] of Object.entries({
			never: "0x80/0x80 7", software: "0x40/0x40", stack: "20", hardware_after: "1 mbytes", budget: "2048", evict: "none",
			shaped: "software", carry: "priority dscp", carry_mode: "required", per_device: true }))
			await set(page, policy, option, value);
		await picture("policy");
		ok(await save(page), "it is saved");
		const said = commands();
		ok(said.includes(["    add policy inet fw4 ft {", "    \tnever ct mark 0x80/0x80", "    \tnever ct mark 7", "    \tsoftware ct mark 0x40/0x40",
			"    \tstack 20 packets", "    \thardware after 1 mbytes", "    \tbudget 2048 per device, evict none", "    \tshaped software",
			"    \tcarry priority, dscp required", "    }", ""].join("\n")), said);
		ok(!said.includes("logger"), said);
	},
	async "configuration: switches, a flowtable, export"(page) {
		be(router());
		server.uci = [GLOBAL, PFT];
		await open(page, "config");
		await set(page, "global", "offload", "0");
		await set(page, "global", "strict", "1");
		await set(page, "pft", "enabled", true);
		await set(page, "pft", "device", "wan");
		await page.click("[data-type=flowtable] button.add");
		await page.until(() => document.querySelector("[data-type=flowtable] fieldset"), "a flowtable");
		await set(page, "new2", "strict", "off");
		await page.click("[data-type=export] button.add");
		await page.until(() => document.querySelector("[data-type=export] fieldset"), "an export");
		// what was not saved is drawn anew
		for (const [section, option, value] of [["global", "offload", "0"], ["global", "strict", "1"], ["pft", "enabled", true], ["pft", "device", "wan"],
			["new2", "strict", "off"], ["new3", "enabled", true], ["new3", "host", "2001:db8::9"], ["new3", "filter", "tcp dport 443"]])
			await set(page, section, option, value);
		ok(await save(page), "it is saved");
		const said = commands();
		for (const line of ["set offload off", "set strict on", "set flowtable inet fw4 ft strict off", "set flowtable inet fw4 pft strict off",
			'devices = { "wan" };', "export ipfix udp [2001:db8::9]:4739 since start tcp dport 443"])
			ok(said.includes(line), `no '${line}' in ${said}`);
		ok(!said.includes("logger"), said);
	},
	async "configuration: nonsense is not saved"(page) {
		be(router());
		server.uci = [GLOBAL, PFT];
		await open(page, "config");
		const policy = await addPolicy(page);
		const before = toUci(server.uci);
		for (const [option, value] of Object.entries({ never: "0x123456789", stack: "0", hardware_after: "1 mile", budget: "many", table: "fw4; flush" })) {
			await set(page, policy, option, value);
			ok(!await save(page), `${option} '${value}' is saved`);
			ok((await text(page, `${field(policy, option)} .wrong`)).length > 0, `${option}: no reason`);
			await set(page, policy, option, "");
		}
		same("UCI", before, toUci(server.uci));
	},
	async "every string of the views can be translated"(page) {
		be(router());
		const used = new Set();
		server.uci = [GLOBAL, PFT];
		for (const view of ["status", "config"]) {
			await open(page, view);
			(await page.run(() => [...window.luci.translated])).forEach(t => used.add(t));
		}
		const template = readFileSync(join(here, "../../luci-app-nft-offload/po/templates/nft-offload.pot"), "utf8");
		const missing = [...used].filter(t => !template.includes(`msgid "${t.replaceAll('"', '\\"')}"\n`));
		ok(used.size > 80 && !missing.length, `missing: ${missing.join("; ")} of ${used.size}`);
	},
};

await server.start();
const browser = new Browser(join(work, "profile"));
const end = async status => {
	await browser.close();
	server.stop();
	rmSync(work, { recursive: true, force: true, maxRetries: 5 });
	process.exit(status);
};
process.on("SIGTERM", () => end(143));
process.on("SIGINT", () => end(130));
let number = 0, failed = 0;
for (const [name, test] of Object.entries(tests)) {
	if (names.length && !names.some(n => name.includes(n)))
		continue;
	number++;
	const page = await browser.newPage();
	try {
		await test(page, picture => page.picture(join(pictures, `${picture}.png`)));
		ok(!page.errors.length, `the console has: ${page.errors.join("\n")}`);
		console.log(`ok ${number} - luci: ${name}`);
	} catch (error) {
		failed++;
		console.log(String(error.stack).replace(/^/gm, "# "));
		console.log(`not ok ${number} - luci: ${name}`);
		await page.picture(join(pictures, `failed-${number}.png`)).catch(() => {});
	}
	await page.close();
}
console.log(`1..${number}`);
await end(failed || !number ? 1 : 0);
