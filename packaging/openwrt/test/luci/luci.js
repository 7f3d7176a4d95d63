// SPDX-License-Identifier: GPL-2.0-or-later
// What of LuCI's documented interface the views use, in a page of its own: E(), _(), format(),
// and the modules view, rpc, poll, dom, ui and form. As there, a string that stands alone is markup,
// and one in an array is text.
/* exported E, _ */

String.prototype.format = function (...args) {
	return this.replace(/%([sd%])/g, (all, kind) => kind === "%" ? "%" : String(args.shift()));
};

const translated = new Set();
const _ = text => {
	translated.add(text);
	return text;
};

const dom = {
	append(node, children) {
		if (Array.isArray(children))
			children.forEach(child => child !== null && child !== undefined && node.append(child instanceof Node ? child : document.createTextNode(String(child))));
		else if (children instanceof Node)
			node.append(children);
		else if (children !== null && children !== undefined)
			node.innerHTML = String(children);
		return node;
	},
	content(node, children) {
		node.replaceChildren();
		return dom.append(node, children);
	},
};

function E(tag, attributes = {}, children = []) {
	const node = document.createElement(tag);
	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (typeof value === "function")
			node.addEventListener(key, value);
		else if (value !== null && value !== undefined)
			node.setAttribute(key, value);
	}
	return dom.append(node, children);
}

const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) }).then(answer => answer.json());

const rpc = {
	declare({ object, method, params = [] }) {
		return (...args) => post("/ubus", { object, method, params: Object.fromEntries(params.map((name, i) => [name, args[i]])) });
	},
};

const polled = [];
const poll = { add: f => polled.push(f) };

const ui = {
	createHandlerFn: (context, f, ...args) => event => f.call(context, ...args, event),
	showModal(title, children) {
		ui.hideModal();
		document.body.append(E("div", { id: "modal" }, [E("h4", {}, [title]), ...children]));
	},
	hideModal: () => document.getElementById("modal")?.remove(),
};

// Forms: a section of UCI is an object with ".name" and ".type"
class Option {
	constructor(name, title, text) {
		Object.assign(this, { name, title, text, choices: [], validate: () => true });
	}
	value(value, label) {
		this.choices.push([value, label ?? value]);
	}
	// the current value, or null; lists are arrays
	read(node) {
		const value = node.querySelector("input, select").value;
		return value === "" ? null : value;
	}
	get(data) {
		return data[this.name] ?? this.default ?? "";
	}
	input(data) {
		return E("input", { value: this.get(data), placeholder: this.placeholder });
	}
	// LuCI stores no value that is the default, unless told
	store(data, value) {
		if (value === null || value === this.default && this.rmempty !== false)
			delete data[this.name];
		else
			data[this.name] = value;
	}
}

class Flag extends Option {
	input(data) {
		const box = E("input", { type: "checkbox" });
		box.checked = this.get(data) === "1";
		return box;
	}
	read(node) {
		return node.querySelector("input").checked ? "1" : this.rmempty === false ? "0" : null;
	}
}

class ListValue extends Option {
	input(data) {
		const select = E("select", {}, this.choices.map(([value, label]) => E("option", { value }, [label])));
		select.value = this.get(data);
		return select;
	}
}

class DynamicList extends Option {
	get(data) {
		return [].concat(data[this.name] ?? []).join(" ");
	}
	read(node) {
		const values = node.querySelector("input").value.split(" ").filter(Boolean);
		return values.length ? values : null;
	}
}

class MultiValue extends DynamicList {
}

class Section {
	constructor(map, type, name, title, text) {
		Object.assign(this, { map, type, name, title, text, options: [] });
	}
	option(Type, ...args) {
		const option = new Type(...args);
		this.options.push(option);
		return option;
	}
	data() {
		return this.map.uci.filter(s => s[".type"] === this.type && (!this.name || s[".name"] === this.name));
	}
	add() {
		const name = `new${this.map.uci.length}`;
		this.map.uci.push({ ".name": name, ".type": this.type, ".new": true });
		return this.map.redraw();
	}
	render() {
		return E("div", { class: "cbi-section", "data-type": this.type }, [
			E("h3", {}, [this.title]), this.text ?? "",
			...this.data().map(data => E("fieldset", { "data-section": data[".name"] }, this.options.map(option =>
				E("p", { "data-option": option.name }, [E("label", {}, [option.title, " ", option.input(data)]), " ", option.text ?? "", E("b", { class: "wrong" })])))),
			this.addremove ? E("button", { class: "add", click: () => this.add() }, ["Add"]) : ""]);
	}
	// what is wrong stays out of UCI, and LuCI saves nothing then
	parse() {
		let fine = true;
		for (const data of this.data())
			for (const option of this.options) {
				const node = this.map.node.querySelector(`[data-section="${data[".name"]}"] [data-option="${option.name}"]`);
				const value = option.read(node);
				const verdict = [].concat(value ?? "").map(v => option.validate(data[".name"], v)).find(v => v !== true) ?? true;
				node.querySelector(".wrong").textContent = verdict === true ? "" : verdict;
				if (verdict === true)
					option.store(data, value);
				else
					fine = false;
			}
		return fine;
	}
}

class LuciMap {
	constructor(config, title) {
		Object.assign(this, { config, title, sections: [] });
	}
	section(Type, ...args) {
		const section = Type === TypedSection ? new Type(this, args[0], null, args[1], args[2]) : new Type(this, args[1], args[0], args[2], args[3]);
		this.sections.push(section);
		return section;
	}
	async render() {
		this.uci = await (await fetch(`/uci/${this.config}`)).json();
		this.node = E("div", { class: "cbi-map" });
		window.theMap = this;
		return this.redraw();
	}
	redraw() {
		return dom.content(this.node, [E("h2", {}, [this.title]), ...this.sections.map(s => s.render())]);
	}
	save() {
		const fine = this.sections.map(s => s.parse()).every(Boolean);
		return fine ? post(`/uci/${this.config}`, this.uci).then(() => true) : false;
	}
}
class NamedSection extends Section {
}
class TypedSection extends Section {
}

const form = { Map: LuciMap, NamedSection, TypedSection, Flag, Value: Option, ListValue, DynamicList, MultiValue };
const view = { extend: members => members };

// As LuCI does: a view is the body of a function that is called with what it requires
async function show(name) {
	const source = await (await fetch(`/view/${name}.js`)).text();
	const wanted = [...source.matchAll(/^'require ([a-z]+)';$/gm)].map(m => m[1]);
	const modules = { view, rpc, poll, dom, ui, form };
	const members = new Function(...wanted, "E", "_", source)(...wanted.map(m => modules[m]), E, _);
	const node = await members.render(members.load ? await members.load() : undefined);
	document.getElementById("view").replaceChildren(node);
}

window.luci = { polled, translated, refresh: () => Promise.all(polled.map(f => f())) };
window.addEventListener("load", () => show(new URL(location.href).searchParams.get("view"))
	.then(() => document.body.classList.add("shown"), error => console.error(error)));
