// SPDX-License-Identifier: GPL-2.0-or-later
// The list of flows.
import { many, router } from "./fixtures.mjs";
import { has, openFlows, rows, set, text } from "./helpers.mjs";

const column = async (page, i) => (await rows(page)).map(cells => cells[i]);

export const flowTests = [
	{
		name: "flows: all of them, with state and reason",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await openFlows(context, "14 flows");
			const all = await rows(page);
			ok(all.length === 14, `${all.length} rows`);
			const first = all[0].join("|");
			ok(first === "tcp|192.168.1.20:40001|198.51.100.2:443|lan1 › wan|hardware, NAT|1 h|7.4 GB|99 %", first);
			ok(all.some(r => r[4] === "refused: table-full, NAT"), JSON.stringify(all));
			ok(all.some(r => r[1] === "[2001:db8:1::20]:40100"), "IPv6 has brackets");
			await picture("flows");
		},
	},
	{
		name: "flows: search finds all words, and says how many",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			await openFlows(context, "14 flows");
			await page.click("#search");
			await page.type("table-FULL :22");
			await has(page, "#flows-count", "1 of 14 flows");
			ok((await column(page, 2)).join() === "198.51.100.9:22", await column(page, 2));
			await set(page, "#search", "nothing like it");
			await has(page, "#flows-count", "0 of 14 flows");
			ok((await rows(page)).length === 0, "rows are left");
		},
	},
	{
		name: "flows: sorted by each column, both ways",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			await openFlows(context, "14 flows");
			await set(page, "#sort", "source", "change");
			const up = await column(page, 1);
			ok(up[0] === "192.168.1.20:40001" && up.at(-1).startsWith("[2001"), up);
			await page.click("#sort-order");
			const down = await column(page, 1);
			ok(down.join() !== up.join() && down[0].startsWith("[2001:db8:1::31]"), down);
			await set(page, "#sort", "age", "change");
			ok((await column(page, 5))[0] === "1 d", await column(page, 5));
			await page.click("#flow-head .l4proto");
			ok((await column(page, 0)).join() === [...await column(page, 0)].sort().join(), await column(page, 0));
			await page.click("#flow-head .l4proto");
			ok((await column(page, 0))[0] === "udp", await column(page, 0));
			for (const key of ["destination", "path", "state", "bytes", "share"]) {
				await set(page, "#sort", key, "change");
				ok((await rows(page)).length === 14, key);
			}
		},
	},
	{
		name: "flows: details in a dialog, and from there to the explanation",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await openFlows(context, "14 flows");
			await set(page, "#search", ":22 refused");
			await has(page, "#flows-count", "1 of 14");
			await page.click("#flow-rows [role=row]");
			await has(page, "dialog .facts", "mtk_ppe: no free entry in this bucket");
			await picture("flow");
			await page.click("dialog [data-action=explain]");
			await has(page, "#explanation .verdict", "see driver");
			ok(!await page.run(() => document.querySelector("dialog")), "the dialog is left");
			ok(await page.run(() => document.querySelector("[name=saddr]").value) === "192.168.1.44", "address");
		},
	},
	{
		name: "flows: the chosen one stays chosen in another order",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(router());
			await openFlows(context, "14 flows");
			await page.run(() => document.getElementById("flow-grid").focus());
			await page.key("ArrowDown");
			const chosen = () => page.run(() => {
				const grid = document.getElementById("flow-grid");
				return document.getElementById(grid.getAttribute("aria-activedescendant")).children[1].textContent;
			});
			ok(await chosen() === "192.168.1.20:51820", await chosen());
			await set(page, "#sort", "age", "change");
			ok(await chosen() === "192.168.1.20:51820", await chosen());
			ok((await column(page, 1))[0] === "192.168.1.20:51820", "it is the oldest");
		},
	},
	{
		name: "flows: 10,000 of them: few elements, fast search and scrolling",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(many(10000));
			const start = Date.now();
			await openFlows(context, "10 014 flows");
			ok(Date.now() - start < 10000, `shown after ${Date.now() - start} ms`);
			const took = await page.run(() => {
				const grid = document.getElementById("flow-grid"), search = document.getElementById("search");
				const elements = () => document.querySelectorAll("#flow-rows [role=row]").length;
				const most = { rows: elements() };
				const measure = f => { const t = performance.now(); f(); return performance.now() - t; };
				const frame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
				return (async () => {
					const type = value => measure(() => {
						search.value = value;
						search.dispatchEvent(new Event("input"));
					});
					const searches = ["1", "10.0.1", "10.0.19", "udp 10.0.3", ""].map(type);
					const scrolls = [];
					for (let i = 0; i <= 20; i++) {
						const t = performance.now();
						grid.scrollTop = grid.scrollHeight * i / 20;
						await frame();
						scrolls.push(performance.now() - t);
						most.rows = Math.max(most.rows, elements());
					}
					return { rows: most.rows, search: Math.max(...searches), scroll: Math.max(...scrolls),
						last: [...document.querySelectorAll("#flow-rows [role=row]")].at(-1).getAttribute("aria-rowindex") };
				})();
			});
			ok(took.rows <= 60, `${took.rows} rows are elements`);
			ok(took.search < 500, `a search took ${took.search} ms`);
			ok(took.scroll < 500, `a scroll took ${took.scroll} ms`);
			ok(took.last === "10014", `scrolled to ${took.last}`);
			console.log(`# 10,014 flows: ${took.rows} rows, search ${Math.round(took.search)} ms, scroll ${Math.round(took.scroll)} ms`);
			await picture("flows-many");
		},
	},
	{
		name: "flows: beyond the limit the page says that some are missing",
		async run(context) {
			const { page, cockpit, ok } = context;
			cockpit.fixture(many(20100));
			await openFlows(context, "20 000 flows");
			await has(page, "#flows-count", "only the 20 000 with the most bytes of all 20 114 are here");
			ok((await column(page, 6))[0] === "7.4 GB", await text(page, "#flow-rows [role=row]"));
		},
	},
];
