// SPDX-License-Identifier: GPL-2.0-or-later
// Sums, the plot, flowtables, room.
import { FLOWS, flow, MACHINE, router } from "./fixtures.mjs";
import { has, open, text } from "./helpers.mjs";

// Hardware and software have these bytes
const shares = (hw, sw) => router(100, [flow(1, "tcp 192.0.2.2:1 198.51.100.2:2", "hardware", { hw, sw })]);

// The clock of the page, and its wait for the next reading, are so many times as fast
const FAST = 60;
const fastClock = `{
	const start = Date.now(), real = Date.now.bind(Date), wait = window.setTimeout.bind(window);
	Date.now = () => start + (real() - start) * ${FAST};
	window.setTimeout = (f, ms, ...more) => wait(f, ms === 5000 ? ms / ${FAST} : ms, ...more);
}`;

export const overviewTests = [
	{
		name: "overview: sums, flowtables, hosts and room are those of the tool",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(router());
			await open(context);
			await has(page, "#numbers", "14");
			const numbers = await text(page, "#numbers");
			ok(numbers === "of bytes by hardware89 %flows14in hardware9in software3refused2", numbers);
			await has(page, "#flowtables td", "inet router fast");
			const table = await text(page, "#flowtables tbody");
			for (const part of ["lan1", "wan", "lan2: EOPNOTSUPP", "9 of 14 flows", "table-full 312×"])
				ok(table.includes(part), `"${part}" is not in ${table}`);
			const hosts = await text(page, "#hosts tbody tr");
			ok(hosts.includes("192.168.1.20"), hosts);
			const room = await text(page, "#rooms tbody");
			ok(room.includes("15 012 of 16 384 rules, 91 %"), room);
			await picture("overview-first");
		},
	},
	{
		name: "overview: the plot follows the share of bytes",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(shares(9000, 1000));
			await page.before(fastClock);
			await open(context);
			const last = () => page.run(() => document.querySelector("#plot polyline.bytes")
				?.getAttribute("points").split(" ").at(-1).split(",").map(Number));
			await page.until(() => document.querySelector("#plot polyline.bytes")?.getAttribute("points").includes(" "), "two points");
			const [, high] = await last();
			// 10 and 148 are the lines of 100 and 0 %
			ok(Math.abs(high - (148 - 0.9 * 138)) < 0.2, `90 % at ${high}`);
			cockpit.fixture(shares(2500, 7500));
			await has(page, "#numbers", "25 %");
			const [, low] = await last();
			ok(Math.abs(low - (148 - 0.25 * 138)) < 0.2, `25 % at ${low}`);
			const label = await page.run(() => document.querySelector("#plot svg").getAttribute("aria-label"));
			ok(label.includes("25 %"), label);
			await drawForPicture(context);
			await picture("overview");
		},
	},
	{
		name: "overview: no flowtable and no flow are told",
		async run(context) {
			const { page, cockpit } = context;
			cockpit.fixture(MACHINE);
			await open(context);
			await has(page, "#flowtables", "No flowtable is loaded");
			await has(page, "#hosts", "There are no flows");
			await has(page, "#numbers", "–");
		},
	},
];

// A plot as an administrator has it after ten minutes
async function drawForPicture(context) {
	const { page, cockpit } = context;
	cockpit.fixture(router());
	await open(context);
	for (let i = 0; i < 46; i++) {
		const part = 0.87 - (i > 25 ? 0.35 * Math.exp(-(i - 26) / 5) : 0.015 * (1 + Math.sin(i)));
		const flows = i > 25 && i < 31 ? FLOWS.filter((f, n) => n < 3 || n > 8 - (31 - i)) : FLOWS;
		cockpit.fixture(router(15012, [...flows, flow(99, "tcp 192.168.1.60:1 198.51.100.2:2", "software",
			{ sw: 14e9 / part - 15.8e9 })]));
		await new Promise(resolve => setTimeout(resolve, 230));
	}
	cockpit.fixture(router());
	await has(page, "#numbers", "89 %");
	await has(page, "#rooms", "15 012");
}
