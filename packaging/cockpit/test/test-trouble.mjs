// SPDX-License-Identifier: GPL-2.0-or-later
// What is missing; names with markup in them.
import { markup, router } from "./fixtures.mjs";
import { has, open, openFlows, text } from "./helpers.mjs";

export const troubleTests = [
	{
		name: "trouble: the tool is not there, and comes back",
		async run(context) {
			const { page, cockpit, picture } = context;
			cockpit.fixture(router());
			cockpit.removeTool();
			try {
				await open(context);
				await has(page, "#trouble [data-kind=tool]", "apt install nft-offload");
				await picture("no-tool");
			} finally {
				cockpit.returnTool();
			}
			await page.until(() => !document.getElementById("trouble").textContent, "it is gone when the tool is there");
			await has(page, "#numbers", "14");
		},
	},
	{
		name: "trouble: the kernel has no module",
		async run(context) {
			const { page, cockpit, picture } = context;
			cockpit.fixture(["fail family errno=2"]);
			await open(context);
			await has(page, "#trouble [data-kind=module]", "modprobe nft_offload");
			await picture("no-module");
		},
	},
	{
		name: "trouble: the kernel refuses",
		async run(context) {
			const { page, cockpit } = context;
			cockpit.fixture([...router(), "fail flow_get errno=1"]);
			await open(context, "flows");
			await has(page, "#trouble [data-kind=rights]", "no administrative access");
		},
	},
	{
		name: "trouble: another error is told in the tool's words",
		async run(context) {
			const { page, cockpit } = context;
			cockpit.fixture([...router(), 'fail flow_get errno=22 message="the <b>kernel</b> says no"']);
			await open(context, "flows");
			await has(page, "#trouble [data-kind=other]", "the <b>kernel</b> says no");
		},
	},
	{
		name: "trouble: somebody without rights cannot switch, and is told",
		nobody: true,
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.forget();
			cockpit.fixture([...router(), "fail flow_get errno=1", "fail table_get errno=1"]);
			await open(context);
			await has(page, "#trouble [data-kind=rights]", "administrative access");
			await picture("no-rights");
			cockpit.fixture(router());
			await open(context, "settings");
			await has(page, "#switches", "You need administrative access");
			ok(await page.run(() => [...document.querySelectorAll("#settings button, #settings select")].every(n => n.disabled)),
				"a control can be used");
			ok(cockpit.argv().every(words => !words.includes("set")), "set has run");
		},
	},
	{
		name: "names with markup are text",
		async run(context) {
			const { page, cockpit, ok, picture } = context;
			cockpit.fixture(markup());
			await open(context);
			await has(page, "#flowtables td", "<u>fast</u>");
			await has(page, "#flowtables .tag", "<b>lan1</b>");
			await has(page, "#rooms td", "<em>flow_table</em>");
			await picture("markup");
			await openFlows(context, "1 flow");
			await has(page, "#flow-rows .state", "<s>why</s>");
			await page.click("#flow-rows [role=row]");
			await has(page, "dialog .facts", "<script>");
			await page.key("Escape");
			for (const tab of ["why", "settings"]) {
				await open(context, tab);
				await has(page, `#${tab}`, "<u>fast</u>");
			}
			await page.run(() => {
				const select = document.querySelector("#flowtable-settings select");
				select.value = "off";
				select.dispatchEvent(new Event("change"));
			});
			await page.click("#flowtable-settings [type=submit]");
			await has(page, "dialog code", "onerror");
			cockpit.forget();
			await page.click("dialog [data-action=confirm]");
			await page.until(() => !document.querySelector("dialog"), "it has run");
			const ran = cockpit.argv().find(words => words[0] === "set").join(" ");
			ok(ran === `set flowtable inet "<img src=x onerror=document.title='bad'>" "<u>fast</u>" strict off`, ran);
			ok(await page.run(() => !document.querySelector("main img, main u, main b b, main s, main em, main script")), "an element was made of a name");
			ok(await page.run(() => document.title) === "Flow offload", await text(page, "title"));
		},
	},
];
