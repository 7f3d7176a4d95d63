// SPDX-License-Identifier: GPL-2.0-or-later
// In place of a router: the views, ubus with the plugin of rpcd behind the ACL of the package,
// and a file of UCI.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, "../../luci-app-nft-offload");
const views = join(app, "htdocs/luci-static/resources/view/nft-offload");
const acl = JSON.parse(readFileSync(join(app, "root/usr/share/rpcd/acl.d/luci-app-nft-offload.json")))["luci-app-nft-offload"];
const PAGE = "<!doctype html><meta charset=utf-8><title>router</title><link rel=icon href=data:,><script src=/luci.js></script><body><div id=view></div>";

const quote = value => `'${String(value).replaceAll("'", "'\\''")}'`;

// As "uci export" prints it
export function toUci(sections) {
	return sections.map(section => `\nconfig ${section[".type"]}${section[".new"] ? "" : ` ${quote(section[".name"])}`}\n` +
		Object.entries(section).filter(([key]) => !key.startsWith(".")).map(([key, value]) =>
			[].concat(value).map(v => `\t${Array.isArray(value) ? "list" : "option"} ${key} ${quote(v)}\n`).join("")).join("")).join("");
}

export class Server {
	// plugin: its path; env: of the plugin; uci: sections; saved: where they are written to
	constructor({ plugin, env, saved }) {
		Object.assign(this, { plugin, env, saved, uci: [], asked: [] });
		this.http = createServer((request, response) => this.answer(request, response).catch(error => {
			response.statusCode = 500;
			response.end(String(error));
		}));
	}

	async start() {
		await new Promise(resolve => this.http.listen(0, "127.0.0.1", resolve));
		this.url = `http://127.0.0.1:${this.http.address().port}`;
	}

	async answer(request, response) {
		const { pathname } = new URL(request.url, this.url);
		let body = "";
		for await (const part of request)
			body += part;
		if (pathname === "/") {
			response.setHeader("Content-Type", "text/html");
			response.end(PAGE);
		} else if (pathname === "/luci.js") {
			response.end(readFileSync(join(here, "luci.js")));
		} else if (pathname.startsWith("/view/")) {
			response.end(readFileSync(join(views, pathname.slice(6))));
		} else if (pathname === "/ubus") {
			response.end(await this.ubus(JSON.parse(body)));
		} else if (pathname === "/uci/nft-offload" && acl.read.uci.includes("nft-offload")) {
			if (request.method === "POST") {
				this.uci = JSON.parse(body);
				writeFileSync(this.saved, toUci(this.uci));
			}
			response.end(JSON.stringify(this.uci));
		} else {
			response.statusCode = 404;
			response.end();
		}
	}

	// rpcd hands the session over among the arguments
	ubus({ object, method, params }) {
		this.asked.push({ object, method, params });
		if (object !== "nft-offload" || !acl.read.ubus[object]?.includes(method))
			throw new Error(`the ACL does not allow ${object} ${method}`);
		return new Promise((resolve, reject) => {
			const child = spawn(this.plugin, ["call", method], { env: this.env });
			let output = "";
			child.stdout.setEncoding("utf8").on("data", data => { output += data; });
			child.on("error", reject);
			child.on("close", () => resolve(output));
			child.stdin.end(JSON.stringify({ ...params, ubus_rpc_session: "0".repeat(32) }));
		});
	}

	stop() {
		this.http.closeAllConnections();
		this.http.close();
	}
}
