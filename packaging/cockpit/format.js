// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers for people.

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

export function bytes(n) {
	if (n === undefined)
		return "–";
	let unit = 0;
	while (n >= 999.5 && unit < UNITS.length - 1) {
		n /= 1000;
		unit++;
	}
	return `${unit && n < 9.95 ? n.toFixed(1) : Math.round(n)} ${UNITS[unit]}`;
}

// As the tool rounds: all and nothing are said of nothing less
export function percent(share) {
	if (share === undefined)
		return "–";
	let n = Math.round(100 * share);
	if (n === 100 && share < 1)
		n = 99;
	else if (n === 0 && share > 0)
		n = 1;
	return `${n} %`;
}

export function age(ms) {
	if (ms === undefined)
		return "–";
	const s = Math.floor(ms / 1000);
	if (s < 60)
		return `${s} s`;
	if (s < 3600)
		return `${Math.floor(s / 60)} min`;
	if (s < 86400)
		return `${Math.floor(s / 3600)} h`;
	return `${Math.floor(s / 86400)} d`;
}

export const count = n => n === undefined ? "–" : n.toLocaleString("en").replaceAll(",", " ");

export const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;
