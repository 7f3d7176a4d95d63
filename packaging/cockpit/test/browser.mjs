// SPDX-License-Identifier: GPL-2.0-or-later
// A headless Chromium, driven by its debugging protocol through a pipe.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

const FLAGS = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-sandbox",
	"--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
	"--disable-component-update", "--disable-extensions", "--hide-scrollbars", "--force-prefers-reduced-motion"];

// Milliseconds
const ANSWER = 20000, SHOWN = 10000;

// What a key sends: code, number, text
const KEYS = {
	Tab: ["Tab", 9], Enter: ["Enter", 13, "\r"], Escape: ["Escape", 27], " ": ["Space", 32, " "],
	ArrowDown: ["ArrowDown", 40], ArrowUp: ["ArrowUp", 38], ArrowRight: ["ArrowRight", 39],
	ArrowLeft: ["ArrowLeft", 37], Home: ["Home", 36], End: ["End", 35], PageDown: ["PageDown", 34],
};

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

export class Browser {
	constructor(profile) {
		this.child = spawn("chromium", [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
			stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
			env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
		});
		this.to = this.child.stdio[3];
		this.waiting = new Map();
		this.heard = [];
		this.last = 0;
		let rest = "";
		this.child.stdio[4].setEncoding("utf8").on("data", data => {
			const parts = (rest + data).split("\0");
			rest = parts.pop();
			parts.forEach(part => this.take(JSON.parse(part)));
		});
		this.child.on("exit", () => this.fail(new Error("Chromium has ended")));
	}

	fail(error) {
		this.waiting.forEach(({ reject }) => reject(error));
		this.waiting.clear();
	}

	take(message) {
		const waiting = this.waiting.get(message.id);
		if (!waiting) {
			this.heard.forEach(hear => hear(message));
			return;
		}
		this.waiting.delete(message.id);
		if (message.error)
			waiting.reject(new Error(message.error.message));
		else
			waiting.resolve(message.result);
	}

	send(method, params = {}, sessionId = undefined) {
		const id = ++this.last;
		this.to.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => {
				this.waiting.delete(id);
				reject(new Error(`no answer to ${method}`));
			}, ANSWER);
			const settle = f => value => { clearTimeout(late); f(value); };
			this.waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
		});
	}

	async newPage() {
		const page = new Page(this);
		await page.start();
		return page;
	}

	async close() {
		await this.send("Browser.close").catch(() => {});
		if (this.child.exitCode === null)
			await Promise.race([new Promise(resolve => this.child.once("exit", resolve)), sleep(5000)]);
		this.child.kill("SIGKILL");
	}
}

class Page {
	constructor(browser) {
		Object.assign(this, { browser, errors: [], scripts: [], extent: [1280, 900] });
		browser.heard.push(message => message.sessionId === this.session && this.hear(message));
	}

	async start() {
		this.used = false;
		({ targetId: this.target } = await this.browser.send("Target.createTarget", { url: "about:blank" }));
		({ sessionId: this.session } = await this.browser.send("Target.attachToTarget", { targetId: this.target, flatten: true }));
		for (const domain of ["Page", "Runtime", "Log"])
			await this.send(`${domain}.enable`);
		await this.size(...this.extent);
		for (const source of this.scripts)
			await this.send("Page.addScriptToEvaluateOnNewDocument", { source });
	}

	hear({ method, params }) {
		if (method === "Runtime.exceptionThrown")
			this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
		else if (method === "Runtime.consoleAPICalled" && ["error", "assert", "warning"].includes(params.type))
			this.errors.push(params.args.map(a => a.value ?? a.description).join(" "));
		else if (method === "Log.entryAdded" && params.entry.level === "error")
			this.errors.push(`${params.entry.text} ${params.entry.url ?? ""}`);
	}

	send(method, params) {
		return this.browser.send(method, params, this.session);
	}

	size(width, height) {
		this.extent = [width, height];
		return this.send("Emulation.setDeviceMetricsOverride",
			{ width, height, deviceScaleFactor: 1, mobile: false });
	}

	before(source) {
		this.scripts.push(source);
		return this.send("Page.addScriptToEvaluateOnNewDocument", { source });
	}

	// In a tab of its own each time
	async go(url) {
		if (this.used) {
			await this.close();
			await this.start();
		}
		this.used = true;
		await this.send("Page.navigate", { url });
		await this.until(() => document.readyState === "complete" && location.href !== "about:blank", "the page is loaded");
	}

	// Runs a function in the page
	async run(f, ...args) {
		const expression = `(${f})(...${JSON.stringify(args)})`;
		const { result, exceptionDetails } = await this.send("Runtime.evaluate",
			{ expression, awaitPromise: true, returnByValue: true });
		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		return result.value;
	}

	// Until the function says yes
	async until(f, what, ...args) {
		const end = Date.now() + SHOWN;
		for (;;) {
			const value = await this.run(f, ...args).catch(() => false);
			if (value)
				return value;
			if (Date.now() > end)
				throw new Error(`in ${SHOWN / 1000} seconds it did not come: ${what ?? f}`);
			await sleep(50);
		}
	}

	async key(name, modifiers = 0) {
		const [code, number, text] = KEYS[name];
		const event = { key: name, code, windowsVirtualKeyCode: number, modifiers };
		await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
		await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
	}

	async type(text) {
		await this.send("Input.insertText", { text });
	}

	// As a mouse does: where the element is in sight
	async click(selector) {
		const at = await this.until(s => {
			const node = document.querySelector(s);
			if (!node || node.disabled)
				return null;
			node.scrollIntoView({ block: "center" });
			const box = node.getBoundingClientRect();
			return box.width ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
		}, `${selector} can be clicked`, selector);
		for (const type of ["mousePressed", "mouseReleased"])
			await this.send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
	}

	async picture(path) {
		const { data } = await this.send("Page.captureScreenshot", { format: "png" });
		writeFileSync(path, Buffer.from(data, "base64"));
	}

	close() {
		return this.browser.send("Target.closeTarget", { targetId: this.target });
	}
}
