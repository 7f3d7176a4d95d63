// SPDX-License-Identifier: GPL-2.0-or-later
// run.mjs TOOL PICTURES [NAME...]: the page in a browser; TAP. TOOL is nft-offload-test, PICTURES
// a folder for screenshots.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { Cockpit } from "./cockpit.mjs";
import { tests } from "./tests.mjs";

const [tool, pictures, ...names] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });

let number = 0, failed = 0;

function report(good, name, why = "") {
	number++;
	if (!good) {
		failed++;
		console.log(String(why).replace(/^/gm, "# "));
	}
	console.log(`${good ? "ok" : "not ok"} ${number} - ${name}`);
}

async function one(test, cockpit, browser, url) {
	if (test.skip) {
		report(true, `${test.name} # SKIP ${test.skip}`);
		return;
	}
	const page = await browser.newPage();
	const context = {
		page, cockpit, browser, url,
		picture: name => page.picture(join(pictures, `${name}.png`)),
		ok: (good, why) => { if (!good) throw new Error(why); },
	};
	try {
		await test.run(context);
		if (page.errors.length)
			throw new Error(`the console has: ${page.errors.join("\n")}`);
		report(true, test.name);
	} catch (error) {
		report(false, test.name, error.stack);
		await page.picture(join(pictures, `failed-${number}.png`)).catch(() => {});
	}
	await page.close();
}

// cockpit-ws ends a local session when the last page is left
async function keepSession(browser, url) {
	const page = await browser.newPage();
	await page.go(new URL("style.css", url).href);
	await page.run(() => new Promise((resolve, reject) => {
		window.keep = new WebSocket(`ws://${location.host}/cockpit/socket`, "cockpit1");
		window.keep.onerror = () => reject(new Error("no socket"));
		window.keep.onopen = () => {
			window.keep.send('\n{"command":"init","version":1}');
			resolve();
		};
	}));
	return page;
}

const cockpit = new Cockpit(tool);
const browser = new Browser(cockpit.path("profile"));
const end = async status => {
	await browser.close();
	await cockpit.close();
	process.exit(status);
};
process.on("SIGTERM", () => end(143));
process.on("SIGINT", () => end(130));
try {
	for (const nobody of [false, true]) {
		const chosen = tests.filter(t => Boolean(t.nobody) === nobody &&
			(!names.length || names.some(n => t.name.includes(n))));
		if (!chosen.length)
			continue;
		const url = await cockpit.start({ nobody });
		const keeper = await keepSession(browser, url);
		for (const test of chosen)
			await one(test, cockpit, browser, url);
		await keeper.close();
		await cockpit.stop();
	}
} catch (error) {
	report(false, "the tests can run", error.stack);
}
console.log(`1..${number}`);
console.log(`# ${number - failed} passed, ${failed} failed`);
await end(failed || !number ? 1 : 0);
