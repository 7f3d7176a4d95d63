// SPDX-License-Identifier: GPL-2.0-or-later
// Two shares over time, as SVG.
import { byId, fill, svg } from "./dom.js";
import { percent } from "./format.js";

const HEIGHT = 170, LEFT = 44, RIGHT = 10, TOP = 10, BOTTOM = 22;
const SPAN = 10 * 60 * 1000, KEEP = 3600 * 1000;

const points = [];	// { time, bytes, flows }, shares from 0 to 1 or undefined

const y = share => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);

function grid(width) {
	return [0, 0.5, 1].flatMap(share => [
		svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(share), y2: y(share) }),
		svg("text", { class: "axis", x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }, percent(share)),
	]);
}

function times(width, x, now) {
	const each = width < 500 ? 5 : 2;
	const marks = [];
	for (let minutes = 0; minutes <= 10; minutes += each) {
		const text = minutes ? `${minutes} min ago` : "now";
		marks.push(svg("text", {
			class: "axis", x: x(now - minutes * 60000), y: HEIGHT - 6,
			"text-anchor": minutes === 0 ? "end" : minutes === 10 ? "start" : "middle",
		}, text));
	}
	return marks;
}

// Runs of points without a gap
function runs(key, from) {
	const all = [];
	let run = [];
	for (const point of points.filter(p => p.time >= from)) {
		if (point[key] !== undefined) {
			run.push(point);
			continue;
		}
		all.push(run);
		run = [];
	}
	all.push(run);
	return all.filter(r => r.length);
}

const line = (run, key, x) => run.map(p => `${x(p.time).toFixed(1)},${y(p[key]).toFixed(1)}`).join(" ");

function area(run, x) {
	const first = x(run[0].time).toFixed(1), last = x(run.at(-1).time).toFixed(1);
	return svg("polygon", { class: "bytes", points: `${first},${y(0)} ${line(run, "bytes", x)} ${last},${y(0)}` });
}

function dot(key, x) {
	const point = points.at(-1);
	return point?.[key] === undefined ? null
		: svg("circle", { class: key, cx: x(point.time), cy: y(point[key]), r: 3.5 });
}

export function drawPlot() {
	const node = byId("plot"), width = node.clientWidth;
	if (!width)
		return;
	const now = points.length ? points.at(-1).time : Date.now(), from = now - SPAN;
	const x = time => LEFT + (time - from) / SPAN * (width - LEFT - RIGHT);
	const share = points.at(-1)?.bytes;
	const picture = svg("svg", {
		role: "img", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`,
		"aria-label": `Share in hardware over ten minutes; now ${percent(share)} of the bytes`,
	}, ...grid(width), ...times(width, x, now));
	for (const run of runs("bytes", from))
		picture.append(area(run, x), svg("polyline", { class: "bytes", points: line(run, "bytes", x) }));
	for (const run of runs("flows", from))
		picture.append(svg("polyline", { class: "flows", points: line(run, "flows", x) }));
	picture.append(...["flows", "bytes"].map(key => dot(key, x)).filter(Boolean));
	fill(node, picture);
}

export function addPoint(time, bytes, flows) {
	points.push({ time, bytes, flows });
	while (points[0].time < time - KEEP)
		points.shift();
}

export function startPlot() {
	new ResizeObserver(drawPlot).observe(byId("plot"));
}
