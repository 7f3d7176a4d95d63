// SPDX-License-Identifier: GPL-2.0-or-later
// Rows of a long list: only those in sight are elements. Arrows move the chosen row.
import { element, fill } from "./dom.js";

const SPARE = 6;	// rows above and below

export class VirtualRows {
	// make(item): cells; open(item): Enter, or a click; an item has an id
	constructor(grid, body, make, open) {
		Object.assign(this, { grid, body, make, open, items: [], chosen: -1 });
		grid.addEventListener("scroll", () => this.later());
		grid.addEventListener("keydown", event => this.key(event));
		grid.addEventListener("focus", () => this.choose(Math.max(0, this.chosen), false));
		grid.addEventListener("mousedown", event => { this.pressed = this.at(event); });
		grid.addEventListener("mouseup", event => this.released(event));
		new ResizeObserver(() => this.later()).observe(grid);
	}

	get rowHeight() {
		return parseFloat(getComputedStyle(this.grid).getPropertyValue("--row-height"));
	}

	// The chosen item stays chosen, wherever it is now
	set(items) {
		const id = this.items[this.chosen]?.id;
		const again = id === undefined ? -1 : items.findIndex(item => item.id === id);
		this.chosen = again >= 0 ? again : Math.min(this.chosen, items.length - 1);
		this.items = items;
		this.grid.setAttribute("aria-rowcount", items.length);
		this.draw();
	}

	later() {
		this.frame ??= requestAnimationFrame(() => {
			this.frame = undefined;
			this.draw();
		});
	}

	draw() {
		const height = this.rowHeight, { scrollTop, clientHeight } = this.grid;
		const first = Math.max(0, Math.floor(scrollTop / height) - SPARE);
		const end = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
		const rows = [];
		for (let i = first; i < end; i++)
			rows.push(this.row(i, height));
		this.body.style.height = `${this.items.length * height}px`;
		fill(this.body, ...rows);
		if (this.chosen >= first && this.chosen < end)
			this.grid.setAttribute("aria-activedescendant", `row-${this.chosen}`);
		else
			this.grid.removeAttribute("aria-activedescendant");
	}

	row(i, height) {
		const row = element("div", {
			role: "row", id: `row-${i}`, "aria-rowindex": i + 1, "data-index": i,
			"aria-selected": i === this.chosen,
		}, ...this.make(this.items[i]));
		row.style.transform = `translateY(${i * height}px)`;
		return row;
	}

	choose(i, scroll = true) {
		if (!this.items.length)
			return;
		this.chosen = Math.max(0, Math.min(this.items.length - 1, i));
		const top = this.chosen * this.rowHeight, bottom = top + this.rowHeight;
		if (scroll && top < this.grid.scrollTop)
			this.grid.scrollTop = top;
		else if (scroll && bottom > this.grid.scrollTop + this.grid.clientHeight)
			this.grid.scrollTop = bottom - this.grid.clientHeight;
		this.draw();
	}

	key(event) {
		const page = Math.max(1, Math.floor(this.grid.clientHeight / this.rowHeight) - 1);
		const to = {
			ArrowDown: this.chosen + 1, ArrowUp: this.chosen - 1, PageDown: this.chosen + page,
			PageUp: this.chosen - page, Home: 0, End: this.items.length - 1,
		}[event.key];
		if (to !== undefined)
			this.choose(to);
		else if (event.key === "Enter" && this.items[this.chosen])
			this.open(this.items[this.chosen]);
		else
			return;
		event.preventDefault();
	}

	at(event) {
		return Math.floor((event.clientY - this.body.getBoundingClientRect().top) / this.rowHeight);
	}

	// By its place, and no click: the row that was pressed may have been drawn anew since
	released(event) {
		const index = this.at(event);
		if (event.button !== 0 || index !== this.pressed || !this.items[index])
			return;
		this.choose(index, false);
		this.open(this.items[index]);
	}
}
