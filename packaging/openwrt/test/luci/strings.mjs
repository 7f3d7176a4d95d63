// SPDX-License-Identifier: GPL-2.0-or-later
// strings.mjs [--write]: are all strings of the views in po/templates, and no others? With --write,
// that file is made. The views are parsed as LuCI does, too. TAP.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const app = join(dirname(fileURLToPath(import.meta.url)), "../../luci-app-nft-offload");
const views = join(app, "htdocs/luci-static/resources/view/nft-offload");
const template = join(app, "po/templates/nft-offload.pot");
const menu = JSON.parse(readFileSync(join(app, "root/usr/share/luci/menu.d/luci-app-nft-offload.json")));
const acl = JSON.parse(readFileSync(join(app, "root/usr/share/rpcd/acl.d/luci-app-nft-offload.json")));

let number = 0, failed = 0;
function result(name, problems) {
	number++;
	failed += problems.length ? 1 : 0;
	problems.forEach(p => console.log(`# ${p}`));
	console.log(`${problems.length ? "not ok" : "ok"} ${number} - luci: ${name}`);
}

const sources = readdirSync(views).filter(f => f.endsWith(".js")).sort().map(name => ({ name, text: readFileSync(join(views, name), "utf8") }));
const found = new Map();
const note = (text, where) => found.set(text, [...(found.get(text) ?? []), where]);

for (const { name, text } of sources) {
	const modules = [...text.matchAll(/^'require ([a-z]+)';$/gm)].map(m => m[1]);
	let problem = [];
	try {
		new Function(...modules, "E", "_", text);
	} catch (error) {
		problem = [`${name}: ${error.message}`];
	}
	result(`${name} can be parsed`, problem);
	text.split("\n").forEach((line, i) => {
		for (const m of line.matchAll(/\b_\('((?:[^'\\]|\\.)*)'\)/g))
			note(m[1].replaceAll("\\'", "'"), `${name}:${i + 1}`);
	});
	const odd = [...text.matchAll(/\b_\((?!')/g)].map(m => `${name}: _() of something else than a string: ${text.slice(m.index, m.index + 40)}`);
	// a string that stands alone is markup
	const markup = [...text.matchAll(/\bE\('[a-z0-9]+', \{[^}]*\}, (?!\[|titles|lines|cells|rows)[^)\n]{0,40}/g)].map(m => `${name}: no array: ${m[0]}`);
	result(`${name}: strings and texts`, [...odd, ...markup]);
}
for (const [path, entry] of Object.entries(menu))
	note(entry.title, `menu ${path}`);
for (const entry of Object.values(acl))
	note(entry.description, "acl");
result("the menu leads to views that are there", Object.values(menu).map(e => e.action)
	.filter(a => a.type === "view" && !sources.some(s => `nft-offload/${s.name}` === `${a.path}.js`)).map(a => `no view ${a.path}`));

const quote = text => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const wanted = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n' +
	[...found.keys()].sort().map(text => `\nmsgid ${quote(text)}\nmsgstr ""\n`).join("");
if (process.argv[2] === "--write")
	writeFileSync(template, wanted);
const present = readFileSync(template, "utf8");
const ids = text => new Set([...text.matchAll(/^msgid (".+")$/gm)].map(m => m[1]));
const [a, b] = [ids(wanted), ids(present)];
result(`po/templates has the ${found.size} strings`, [
	...[...a].filter(i => !b.has(i)).map(i => `missing: ${i}`), ...[...b].filter(i => !a.has(i)).map(i => `not used: ${i}`),
	...(wanted === present ? [] : ["it is not as strings.mjs --write makes it"])]);
console.log(`1..${number}`);
process.exit(failed ? 1 : 0);
