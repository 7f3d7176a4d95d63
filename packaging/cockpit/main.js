// SPDX-License-Identifier: GPL-2.0-or-later
// Starts the parts of the page, and reads what the chosen tab shows, again and again.
/* global cockpit */
import { byId } from "./dom.js";
import { explainFlow, startExplain } from "./explain.js";
import { readFindings } from "./findings.js";
import { readFlows, startFlows } from "./flows.js";
import { readLog } from "./log.js";
import { readFlowtables, readSummary } from "./overview.js";
import { startPlot } from "./plot.js";
import { readSettings, startSettings } from "./settings.js";
import { choose, chosenTab, startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { fine, trouble } from "./trouble.js";

const INTERVAL = 5000;

let flows;	// how many there are, as the summary says

// read by a timer: the summary always, the rest of the chosen tab
const LIVE = {
	overview: readFlowtables,
	flows: () => readFlows(flows),
	settings: readSettings,
};
// read when the tab is opened, and if asked for
const ASKED = { why: readFindings, log: readLog };

async function tryTo(who, read) {
	try {
		await read();
		fine(who);
	} catch (error) {
		trouble(who, error);
	}
}

const readTab = name => tryTo(name, LIVE[name] ?? ASKED[name]);

// What another tab could not do is told there
function openTab(name) {
	for (const other of [...Object.keys(LIVE), ...Object.keys(ASKED)])
		if (other !== name)
			fine(other);
	readTab(name);
}

async function readAll() {
	await tryTo("summary", async () => { flows = (await readSummary()).flows; });
	const name = chosenTab();
	if (LIVE[name])
		await readTab(name);
}

// The next time is later where reading takes long
async function loop() {
	const start = performance.now();
	if (!document.hidden)
		await readAll();
	setTimeout(loop, Math.max(INTERVAL, 5 * (performance.now() - start)));
}

function explain(flow) {
	choose("why");
	explainFlow(flow);
}

function start() {
	startTheme();
	startPlot();
	startFlows(explain);
	startExplain();
	startSettings(mayChange => {
		if (!mayChange)
			trouble("permission", { problem: "access-denied" });
		else
			fine("permission");
		if (chosenTab() === "settings")
			readTab("settings");
	});
	byId("flows-refresh").addEventListener("click", () => readTab("flows"));
	byId("check-again").addEventListener("click", () => readTab("why"));
	byId("log-refresh").addEventListener("click", () => readTab("log"));
	startTabs(openTab);
	loop();
}

cockpit.transport.wait(start);
