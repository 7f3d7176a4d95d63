// SPDX-License-Identifier: GPL-2.0-or-later
// What several tests do with the page.

export const text = (page, selector) => page.run(s => document.querySelector(s)?.textContent ?? "", selector);

export const rows = page => page.run(() => [...document.querySelectorAll("#flow-rows [role=row]")]
	.map(row => [...row.children].map(cell => cell.textContent)));

export const has = (page, selector, wanted) => page.until(
	(s, w) => [...document.querySelectorAll(s)].some(node => node.textContent.includes(w)),
	`${selector} has "${wanted}"`, selector, wanted);

// Opens the page at a tab, when it has been read
export async function open({ page, url }, tab = "overview") {
	await page.go(tab === "overview" ? url : `${url}#/${tab}`);
	await page.until(t => !document.getElementById(t).hidden, `tab ${tab}`, tab);
}

export async function openFlows(context, count) {
	await open(context, "flows");
	await has(context.page, "#flows-count", count);
}

export const set = (page, selector, value, event = "input") => page.run((s, v, e) => {
	const node = document.querySelector(s);
	node.value = v;
	node.dispatchEvent(new Event(e, { bubbles: true }));
}, selector, value, event);

// Elements wider than the window
export const tooWide = page => page.run(() => {
	const width = document.documentElement.clientWidth;
	const wide = [...document.querySelectorAll("body *")].filter(node => {
		const box = node.getBoundingClientRect();
		return box.width && box.right > width + 0.5 && !node.closest("#tabs, thead");
	});
	const page = document.documentElement.scrollWidth > width ? ["the page"] : [];
	return [...page, ...wide.map(n => `${n.tagName} ${n.id} ${n.className} ${n.textContent.slice(0, 40)}`)];
});

// Where Tab goes, until it comes to the end
export async function tabOrder(page) {
	const seen = [];
	await page.run(() => { document.activeElement?.blur(); getSelection().removeAllRanges(); });
	for (let i = 0; i < 60; i++) {
		await page.key("Tab");
		const at = await page.run(() => {
			const node = document.activeElement;
			if (!node || node === document.body)
				return null;
			const style = getComputedStyle(node);
			return { name: node.id || node.name || node.getAttribute("aria-label") || node.textContent.trim(),
				outline: style.outlineStyle !== "none" };
		});
		if (!at || at.name === seen[0]?.name)
			break;
		seen.push(at);
	}
	return seen;
}
