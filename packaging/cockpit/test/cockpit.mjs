// SPDX-License-Identifier: GPL-2.0-or-later
// Cockpit with this page, from a folder of its own: what is installed, and the programs it asks.
import { spawn } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync,
	readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep } from "./browser.mjs";

const HERE = dirname(fileURLToPath(import.meta.url)), PLUGIN = dirname(HERE);
const WS = ["/usr/lib/cockpit/cockpit-ws", "/usr/libexec/cockpit-ws"].find(existsSync);
const NOBODY = 65534;

// The files that the package has
function installed() {
	const words = readFileSync(join(PLUGIN, "../debian/cockpit-nft-offload.install"), "utf8").split(/\s+/);
	const ends = words.map(word => word.match(/^cockpit\/\*(\.\w+)$/)?.[1]).filter(Boolean);
	return readdirSync(PLUGIN).filter(name => ends.some(end => name.endsWith(end)));
}

export class Cockpit {
	constructor(tool) {
		this.dir = mkdtempSync(join(tmpdir(), "cockpit-nft-offload."));
		chmodSync(this.dir, 0o755);
		this.port = 9100;
		const plugin = join(this.dir, "data/cockpit/nft-offload");
		for (const dir of [plugin, this.path("bin"), this.path("home")])
			mkdirSync(dir, { recursive: true });
		for (const file of installed())
			copyFileSync(join(PLUGIN, file), join(plugin, file));
		for (const file of ["nft-offload", "journalctl"])
			copyFileSync(join(HERE, file), this.path("bin", file));
		copyFileSync(tool, this.path("bin/nft-offload-test"));
		this.forget();
		this.journal([]);
	}

	path(...names) {
		return join(this.dir, ...names);
	}

	// In one move: the tool may be reading it
	put(name, text) {
		writeFileSync(this.path(`${name}.new`), text);
		renameSync(this.path(`${name}.new`), this.path(name));
	}

	fixture(lines) { this.put("fixture", lines.join("\n") + "\n"); }

	journal(entries) { this.put("journal", entries.map(e => JSON.stringify(e) + "\n").join("")); }

	// What the tool was called with
	argv() { return readFileSync(this.path("argv"), "utf8").split("\n").filter(Boolean).map(l => l.split("\t")); }

	forget() {
		writeFileSync(this.path("argv"), "");
		chmodSync(this.path("argv"), 0o666);
	}

	removeTool() { renameSync(this.path("bin/nft-offload"), this.path("away")); }

	returnTool() { renameSync(this.path("away"), this.path("bin/nft-offload")); }

	// As root, or as somebody without rights
	async start({ nobody = false } = {}) {
		this.port++;
		const words = [WS, "--local-session=cockpit-bridge", "--no-tls", "--address=127.0.0.1", `--port=${this.port}`];
		if (nobody) {
			words.unshift("setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups");
			chownSync(this.path("home"), NOBODY, NOBODY);
		}
		this.child = spawn(words[0], words.slice(1), {
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				PATH: `${this.path("bin")}:/usr/bin:/bin`, HOME: this.path("home"), LANG: "C.UTF-8",
				XDG_DATA_HOME: this.path("data"), XDG_RUNTIME_DIR: this.path("home"),
				ASAN_OPTIONS: "detect_leaks=0",
			},
		});
		for (const stream of [this.child.stdout, this.child.stderr])
			stream.on("data", data => appendFileSync(this.path("ws.log"), data));
		await this.answers();
		return `http://127.0.0.1:${this.port}/cockpit/@localhost/nft-offload/index.html`;
	}

	async answers() {
		for (let i = 0; i < 200; i++) {
			const there = await new Promise(resolve => {
				const socket = connect(this.port, "127.0.0.1", () => { socket.destroy(); resolve(true); });
				socket.on("error", () => resolve(false));
			});
			if (there)
				return;
			await sleep(50);
		}
		throw new Error(`cockpit-ws does not answer: ${readFileSync(this.path("ws.log"), "utf8")}`);
	}

	async stop() {
		if (!this.child || this.child.exitCode !== null)
			return;
		this.child.kill();
		await Promise.race([new Promise(resolve => this.child.once("exit", resolve)), sleep(3000)]);
		this.child.kill("SIGKILL");
	}

	async close() {
		await this.stop();
		rmSync(this.dir, { recursive: true, force: true });
	}
}
