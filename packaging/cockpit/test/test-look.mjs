// SPDX-License-Identifier: GPL-2.0-or-later
// Keyboard, a phone's width, dark mode.
import { router } from "./fixtures.mjs";
import { has, open, openFlows, set, tabOrder, tooWide } from "./helpers.mjs";

const TABS = ["overview", "flows", "why", "settings", "log"];
const READY = { overview: "#rooms td", flows: "#flow-rows .cell", why: ".finding", settings: "#switch-offload", log: "#log-lines *" };

const ready = (page, tab) => page.until(s => document.querySelector(s), tab, READY[tab]);

// Text against what is behind it
const contrast = page => page.run(() => {
	const light = color => {
		const [r, g, b] = color.match(/[\d.]+/g).map(n => n / 255).map(n => n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = node => {
		for (; node; node = node.parentElement) {
			const color = getComputedStyle(node).backgroundColor;
			if (!/, 0\)$/.test(color))
				return color;
		}
		return "rgb(255, 255, 255)";
	};
	return [...document.querySelectorAll("body *")]
		.filter(n => n.getClientRects().length && !n.closest("svg, :disabled") && [...n.childNodes].some(c => c.nodeType === 3 && c.data.trim()))
		.map(n => {
			const [a, b] = [light(getComputedStyle(n).color), light(behind(n))].sort((x, y) => y - x);
			return { ratio: (a + 0.05) / (b + 0.05), what: `${n.tagName}.${n.className} "${n.textContent.slice(0, 30)}"` };
		})
		.filter(c => c.ratio < 4.5).map(c => `${c.what} ${c.ratio.toFixed(2)}`);
});

const colours = page => page.run(() => ["body", ".card", "h2"].map(s => {
	const style = getComputedStyle(document.querySelector(s));
	return `${style.backgroundColor} ${style.color}`;
}));

async function onlyKeys({ page, cockpit, ok }) {
	// tabs: arrows
	await page.key("Tab");
	ok(await page.run(() => document.activeElement.id) === "tab-overview", "the tab has the focus");
	await page.key("ArrowRight");
	await has(page, "#flows-count", "14 flows");
	// search, sort, order, refresh, grid
	await page.key("Tab");
	await page.type("192.168.1.44");
	await has(page, "#flows-count", "2 of 14");
	for (let i = 0; i < 4; i++)
		await page.key("Tab");
	ok(await page.run(() => document.activeElement.id) === "flow-grid", "the grid has the focus");
	await page.key("ArrowDown");
	ok(await page.run(() => document.querySelector("[aria-selected=true][role=row]").id) === "row-1", "a row below is chosen");
	await page.key("Enter");
	await has(page, "dialog", "33002");
	await page.key("Escape");
	await page.until(() => !document.querySelector("dialog"), "Escape closes the dialog");
	ok(await page.run(() => document.activeElement.id) === "flow-grid", "the focus is back");
	await page.run(() => document.getElementById("tab-flows").focus());
	await page.key("ArrowRight");
	await page.key("ArrowRight");
	await has(page, "#switch-offload", "on");
	await page.key("Tab");
	ok(await page.run(() => document.activeElement.id) === "switch-offload", "the switch has the focus");
	cockpit.forget();
	await page.key("Enter");
	await has(page, "dialog code", "set offload off");
	ok(await page.run(() => document.activeElement.dataset.action) === "cancel", "Cancel has the focus");
	await page.key("Tab");
	await page.key("Enter");
	await page.until(() => !document.querySelector("dialog"), "Enter on the second button runs it");
	ok(cockpit.argv().some(words => words.join(" ") === "set offload off"), "set has not run");
}

export const lookTests = [
	{
		name: "keys: Tab reaches each control of each tab, and shows where it is",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			const wanted = {
				overview: ["tab-overview"],
				flows: ["tab-flows", "search", "sort", "sort-order", "flows-refresh", "flow-grid"],
				why: ["tab-why", "l4proto", "saddr", "sport", "daddr", "dport", "iif", "zone", "Explain", "check-again"],
				settings: ["tab-settings", "switch-offload", "switch-strict", "strict of inet router fast"],
				log: ["tab-log", "log-refresh"],
			};
			for (const tab of TABS) {
				await open(context, tab);
				await ready(page, tab);
				const order = await tabOrder(page);
				const names = order.map(o => o.name);
				ok(names.slice(0, wanted[tab].length).join() === wanted[tab].join(), `${tab}: ${names}`);
				ok(order.every(o => o.outline), `${tab}: no outline: ${order.filter(o => !o.outline).map(o => o.name)}`);
			}
		},
	},
	{
		name: "keys: tabs, search, a row, its dialog and a switch without a mouse",
		async run(context) {
			context.cockpit.fixture(router());
			await open(context);
			await has(context.page, "#numbers", "14");
			await onlyKeys(context);
		},
	},
	{
		name: "phone: nothing is wider than 360 pixels",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await page.size(360, 740);
			for (const tab of TABS) {
				await open(context, tab);
				await ready(page, tab);
				const wide = await tooWide(page);
				ok(wide.length === 0, `${tab}: ${wide.join("\n")}`);
				await picture(`phone-${tab}`);
			}
			await openFlows(context, "14 flows");
			await page.click("#flow-rows [role=row]");
			await has(page, "dialog", "Original direction");
			ok((await tooWide(page)).length === 0, "the dialog");
			await picture("phone-flow");
		},
	},
	{
		name: "phone: what is searched and sorted is there, too",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			await page.size(360, 740);
			await openFlows(context, "14 flows");
			await set(page, "#sort", "age", "change");
			const visible = await page.run(() => ["search", "sort", "sort-order", "flow-grid"].filter(id => !document.getElementById(id).getClientRects().length));
			ok(visible.length === 0, `not in sight: ${visible}`);
			ok(await page.run(() => document.querySelector("#flow-rows .age").textContent) === "1 d", "oldest first");
		},
	},
	{
		name: "dark: the shell's style changes the colours, at once and when loaded",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await open(context);
			await ready(page, "overview");
			const light = await colours(page);
			await page.run(() => window.dispatchEvent(new CustomEvent("cockpit-style", { detail: { style: "dark" } })));
			const dark = await colours(page);
			ok(light.every((c, i) => c !== dark[i]), `${light} / ${dark}`);
			await page.run(() => localStorage.setItem("shell:style", "dark"));
			try {
				for (const tab of TABS) {
					await open(context, tab);
					await ready(page, tab);
					ok((await colours(page)).join() === dark.join(), `${tab}: ${await colours(page)}`);
					await picture(`dark-${tab}`);
				}
				await page.run(() => window.dispatchEvent(new StorageEvent("storage", { key: "shell:style" })));
				ok((await colours(page)).join() === dark.join(), "still dark");
			} finally {
				await page.run(() => localStorage.removeItem("shell:style"));
			}
		},
	},
	{
		name: "both: text has a contrast of 4.5 or more",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			for (const tab of TABS) {
				await open(context, tab);
				await ready(page, tab);
				for (const style of ["light", "dark"]) {
					await page.run(s => window.dispatchEvent(new CustomEvent("cockpit-style", { detail: { style: s } })), style);
					const weak = await contrast(page);
					ok(weak.length === 0, `${tab}, ${style}: ${weak.join("\n")}`);
				}
			}
		},
	},
];
