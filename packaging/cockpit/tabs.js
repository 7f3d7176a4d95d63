// SPDX-License-Identifier: GPL-2.0-or-later
// Tabs: arrows go from one to the next, the address keeps the chosen one.
/* global cockpit */
import { byId } from "./dom.js";

const tabs = () => [...byId("tabs").querySelectorAll("[role=tab]")];
const nameOf = tab => tab.getAttribute("aria-controls");

let opened = () => {};

function show(name) {
	for (const tab of tabs()) {
		const chosen = nameOf(tab) === name;
		tab.setAttribute("aria-selected", chosen);
		tab.tabIndex = chosen ? 0 : -1;
		byId(nameOf(tab)).hidden = !chosen;
		if (chosen)
			tab.scrollIntoView({ block: "nearest", inline: "nearest" });
	}
	opened(name);
}

export function chosenTab() {
	const name = cockpit.location.path[0];
	return tabs().some(tab => nameOf(tab) === name) ? name : "overview";
}

export function choose(name) {
	if (name !== chosenTab())
		cockpit.location.go(name === "overview" ? [] : [name]);
	else
		show(name);
}

function key(event) {
	const all = tabs(), at = all.indexOf(event.target), last = all.length - 1;
	const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
	if (to === undefined || at < 0)
		return;
	event.preventDefault();
	choose(nameOf(all[to]));
	all[to].focus();
}

// whenOpened(name): each time a tab is chosen
export function startTabs(whenOpened) {
	opened = whenOpened;
	for (const tab of tabs())
		tab.addEventListener("click", () => choose(nameOf(tab)));
	byId("tabs").addEventListener("keydown", key);
	cockpit.addEventListener("locationchanged", () => show(chosenTab()));
	show(chosenTab());
}
