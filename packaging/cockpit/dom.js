// SPDX-License-Identifier: GPL-2.0-or-later
// Elements of the page. All text goes through here, as text nodes: names may have markup in them.

// element("p", { class: "hint", onclick: f }, "text", otherElement)
export function element(name, attributes = {}, ...children) {
	const node = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (key.startsWith("on"))
			node.addEventListener(key.slice(2), value);
		else if (key.startsWith("aria-") && value !== undefined)
			node.setAttribute(key, value);
		else if (value === true)
			node.setAttribute(key, "");
		else if (value !== false && value !== undefined && value !== null)
			node.setAttribute(key, value);
	}
	node.append(...children.filter(c => c !== null && c !== undefined));
	return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
	const node = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

export const byId = id => document.getElementById(id);

export function fill(node, ...children) {
	node.replaceChildren(...children.filter(c => c !== null && c !== undefined));
}

// fact("Age", "3 s", ...): a description list
export function facts(pairs) {
	const list = element("dl", { class: "facts" });
	for (const [name, value] of pairs)
		if (value !== undefined && value !== "")
			list.append(element("dt", {}, name), element("dd", {}, value));
	return list;
}

// A table for few rows; cells are text or elements. On a phone each cell tells its column.
export function table(label, columns, rows) {
	const head = columns.map(c => element("th", { scope: "col", class: c.number ? "number" : null }, c.name));
	const body = rows.map(cells => element("tr", {}, ...cells.map((cell, i) =>
		element("td", { "data-label": columns[i].name, class: columns[i].number ? "number" : null },
			element("span", {}, cell)))));
	return element("table", { "aria-label": label },
		element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
}

export function meter(share, label) {
	const bar = element("span", { class: "meter", role: "img", "aria-label": label });
	const inner = element("span");
	inner.style.width = `${Math.round(100 * Math.min(1, Math.max(0, share)))}%`;
	if (share > 0.9)
		bar.classList.add("full");
	bar.append(inner);
	return bar;
}
