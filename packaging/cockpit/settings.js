// SPDX-License-Identifier: GPL-2.0-or-later
// Switches. Each asks before it runs "nft-offload set".
/* global cockpit */
import { confirmRun } from "./dialog.js";
import { byId, element, fill, table } from "./dom.js";
import { ask, quote, set, setWords } from "./tool.js";

const SWITCHES = {
	offload: {
		title: "Hardware offload",
		text: "Flows of flowtables with “flags offload” may enter hardware.",
		on: "Flows may enter hardware again.",
		off: "All flows leave hardware and go on in software. No packet is lost, but the processor has to forward them.",
	},
	strict: {
		title: "Strict",
		text: "A flowtable with “flags offload” is refused if one of its devices cannot offload.",
		on: "The next flowtable with a device that cannot offload will be refused.",
		off: "Flows of devices that cannot offload will stay in software; their flowtables are no longer refused.",
	},
};
const STRICT = {
	default: "It will follow the switch for all flowtables.",
	on: "It will be refused if one of its devices cannot offload.",
	off: "Flows of its devices that cannot offload will stay in software.",
};

const admin = cockpit.permission({ admin: true });
let shown = "";

// null while nobody knows yet
const mayChange = () => admin.allowed !== false;

async function run(words) {
	await set(words);
	await readSettings();
}

function change(title, text, words, verb) {
	confirmRun(title, text, setWords(words), verb, () => run(words));
}

function toggle(name, value) {
	const { title } = SWITCHES[name], to = value ? "off" : "on";
	change(`Switch ${title.toLowerCase()} ${to}?`, SWITCHES[name][to], [name, to], `Switch ${to}`);
}

function switchRow({ name, value }) {
	const { title, text } = SWITCHES[name];
	return element("div", { class: "switch-row" },
		element("div", {}, element("b", { id: `label-${name}` }, title), element("p", { class: "hint" }, text)),
		element("button", {
			type: "button", role: "switch", class: "switch", id: `switch-${name}`,
			"aria-checked": value, "aria-labelledby": `label-${name}`, disabled: !mayChange(),
			onclick: () => toggle(name, value),
		}, element("span", { class: "on-off" }, value ? "on" : "off")));
}

// Those that are loaded, and those for which something is set
function known(flowtables, settings) {
	const all = new Map(), key = t => JSON.stringify([t.family, t.table, t.flowtable]);
	for (const t of flowtables)
		all.set(key({ ...t, flowtable: t.name }), { family: t.family, table: t.table, flowtable: t.name, loaded: true });
	for (const s of settings)
		all.set(key(s), { ...all.get(key(s)), ...s });
	return [...all.values()];
}

const current = t => t.strict === undefined ? "default" : t.strict ? "on" : "off";

function strictForm(t) {
	const name = `${t.family} ${t.table} ${t.flowtable}`;
	const apply = element("button", { type: "submit", disabled: true }, "Apply");
	const select = element("select", {
		"aria-label": `strict of ${name}`, disabled: !mayChange(),
		onchange: () => { apply.disabled = select.value === current(t); },
	}, ...Object.keys(STRICT).map(value => element("option", { value, selected: value === current(t) }, value)));
	return element("form", {
		class: "inline",
		onsubmit: event => {
			event.preventDefault();
			change(`Set strict of ${name}?`, STRICT[select.value],
				["flowtable", t.family, quote(t.table), quote(t.flowtable), "strict", select.value], "Apply");
		},
	}, select, apply);
}

function showFlowtables(all) {
	if (!all.length) {
		fill(byId("flowtable-settings"), element("p", { class: "empty" }, "No flowtable is loaded."));
		return;
	}
	fill(byId("flowtable-settings"), table("Settings of single flowtables",
		[{ name: "Flowtable" }, { name: "Loaded" }, { name: "Strict" }],
		all.map(t => [`${t.family} ${t.table} ${t.flowtable}`, t.loaded ? "yes" : "no", strictForm(t)])));
}

// Drawn anew only if something differs: a choice that is not applied yet stays
export async function readSettings() {
	const settings = (await ask("list", "settings")).map(e => e.setting).filter(Boolean);
	const flowtables = (await ask("list", "flowtables")).map(e => e.flowtable).filter(Boolean);
	const all = known(flowtables, settings.filter(s => s.flowtable));
	const now = JSON.stringify([settings, all, mayChange()]);
	if (now === shown)
		return;
	shown = now;
	fill(byId("switches"),
		mayChange() ? null : element("p", { class: "failure" }, "You need administrative access to change them."),
		...settings.filter(s => SWITCHES[s.name]).map(switchRow));
	showFlowtables(all);
}

export function startSettings(changed) {
	admin.addEventListener("changed", () => changed(mayChange()));
}
