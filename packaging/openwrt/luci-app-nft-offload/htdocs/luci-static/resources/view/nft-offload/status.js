// SPDX-License-Identifier: GPL-2.0-or-later
// What is in hardware, and what is not and why. All text goes to E() in arrays: LuCI takes a
// string that stands alone for markup.
'use strict';
'require view';
'require rpc';
'require poll';
'require dom';
'require ui';

const INTERVAL = 5, FLOWS = 100;

const callStatus = rpc.declare({ object: 'nft-offload', method: 'status' });
const callFlows = rpc.declare({ object: 'nft-offload', method: 'flows', params: [ 'state', 'sort', 'limit' ] });
const callExplain = rpc.declare({ object: 'nft-offload', method: 'explain',
	params: [ 'l4proto', 'saddr', 'sport', 'daddr', 'dport', 'iif' ] });
const callCheck = rpc.declare({ object: 'nft-offload', method: 'check' });

const UNITS = [ 'B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB' ];

function bytes(n) {
	let unit = 0;
	while (n >= 999.5 && unit < UNITS.length - 1) {
		n /= 1000;
		unit++;
	}
	return '%s %s'.format(unit && n < 9.95 ? n.toFixed(1) : Math.round(n), UNITS[unit]);
}

// All and nothing are said of nothing less
function percent(part, whole) {
	if (!whole)
		return '–';
	let n = Math.round(100 * part / whole);
	if (n == 100 && part < whole)
		n = 99;
	if (n == 0 && part > 0)
		n = 1;
	return '%d %%'.format(n);
}

const STATES = {
	hardware: _('in hardware'),
	software: _('in software'),
	pending: _('hardware is asked'),
	failed: _('refused by hardware'),
	closing: _('ending'),
	unknown: _('not known'),
};

const LEVELS = { ok: _('ok'), wait: _('wait'), wrong: _('wrong'), unknown: _('not looked at'), warn: _('warning'), fail: _('wrong') };

function table(id, titles, rows, empty) {
	const body = rows.length ? rows.map(cells => E('tr', { 'class': 'tr' },
		cells.map((cell, i) => E('td', { 'class': 'td', 'data-title': titles[i] }, [ cell ])))) :
		[ E('tr', { 'class': 'tr placeholder' }, [ E('td', { 'class': 'td', 'colspan': titles.length }, [ empty ]) ]) ];
	return E('table', { 'class': 'table', 'id': id }, [
		E('tr', { 'class': 'tr table-titles' }, titles.map(title => E('th', { 'class': 'th' }, [ title ]))),
		...body ]);
}

function section(title, ...content) {
	return E('div', { 'class': 'cbi-section' }, [ E('h3', {}, [ title ]), ...content ]);
}

const list = (id, lines) => E('ul', { 'id': id }, lines.map(line => E('li', {}, [ line ])));

function renderTotal(total) {
	const all = total.sw_bytes + total.hw_bytes;
	return table('total', [ _('Bytes by hardware'), _('Flows'), _('In hardware'), _('Refused by hardware'), _('Bytes') ],
		[ [ percent(total.hw_bytes, all), total.flows, total.hardware_flows, total.refused, bytes(all) ] ]);
}

const deviceText = d => d.errno ? _('%s (cannot offload: %s)').format(d.name, d.errno) : d.name;

function renderFlowtables(flowtables) {
	return table('flowtables', [ _('Flowtable'), _('Devices'), _('Flows'), _('In hardware'), _('Kept out of hardware, since it was loaded') ],
		flowtables.map(t => [ '%s %s %s'.format(t.family, t.table, t.name),
			t.devices.map(deviceText).join(', ') + (t.devices_more ? ', …' : ''),
			t.flows, t.flags.includes('offload') ? t.hardware.flows : _('software only'),
			t.reasons.map(r => '%s: %d'.format(r.reason, r.count)).join(', ') ]),
		_('No flowtable is loaded.'));
}

function renderReasons(reasons) {
	return table('reasons', [ _('Why not in hardware'), _('Flows') ],
		reasons.map(r => [ r.reason, r.flows ]), _('No flow is kept out of hardware.'));
}

function renderRooms(rooms) {
	return rooms.length ? table('rooms', [ _('Table of the hardware'), _('Rules'), _('In use') ],
		rooms.map(r => [ '%s %s'.format(r.device, r.name), r.size, r.used == null ? '–' : percent(r.used, r.size) ])) : '';
}

function renderStatus(status) {
	if (status.error)
		return E('div', { 'class': 'alert-message warning', 'id': 'error' }, [ status.error ]);
	const { total, reasons, rooms } = status.summary;
	return E('div', {}, [
		status.problems.length ? E('div', { 'class': 'alert-message warning' },
			[ E('p', {}, [ _('The configuration was not taken as a whole:') ]), list('problems', status.problems) ]) : '',
		section(_('Share in hardware'), renderTotal(total), renderRooms(rooms)),
		section(_('Flowtables'), renderFlowtables(status.flowtables)),
		section(_('Reasons'), renderReasons(reasons)) ]);
}

function endpoint(addr, port) {
	if (port == null)
		return addr;
	return addr.includes(':') ? '[%s]:%d'.format(addr, port) : '%s:%d'.format(addr, port);
}

function showSteps(title, lines) {
	ui.showModal(title, [ list('steps', lines),
		E('div', { 'class': 'right' }, [ E('button', { 'class': 'btn', 'click': ui.hideModal }, [ _('Close') ]) ]) ]);
}

// "ok route: in p1; out p2", and what helps
const step = s => '%s %s: %s%s'.format(LEVELS[s.level] ?? s.level, s.name, s.text, s.do ? ' – ' + s.do : '');

function explain(flow) {
	const o = flow.original;
	return callExplain(flow.l4proto, o.saddr, o.sport, o.daddr, o.dport).then(answer => showSteps(
		_('Why is it not in hardware?'),
		answer.explain ? [ answer.explain.verdict ?? '', ...(answer.explain.steps ?? []).map(step) ] : [ answer.error ?? _('There is no answer.') ]));
}

function check() {
	return callCheck().then(answer => showSteps(_('What is wrong on this router?'),
		answer.checks ? answer.checks.filter(c => c.level != 'ok').map(c => step({ ...c, name: c.subject ? '%s %s'.format(c.name, c.subject) : c.name })) : [ answer.error ]));
}

function flowRow(flow) {
	const { original: o, reply: r } = flow, known = [ o, r ].filter(d => d.sw && d.hw);
	const hardware = known.reduce((sum, d) => sum + d.hw.bytes, 0), all = known.reduce((sum, d) => sum + d.hw.bytes + d.sw.bytes, 0);
	const why = E('button', { 'class': 'btn cbi-button', 'click': ui.createHandlerFn(null, explain, flow) }, [ _('Why?') ]);
	return [ flow.l4proto, endpoint(o.saddr, o.sport), endpoint(o.daddr, o.dport), '%s → %s'.format(o.iif ?? '?', o.oif ?? '?'),
		STATES[flow.state] ?? flow.state, o.reason ?? r.reason ?? '', bytes(all), percent(hardware, all),
		flow.state == 'hardware' || flow.state == 'closing' ? '' : why ];
}

function renderFlows(answer) {
	if (answer.error)
		return E('div', { 'class': 'alert-message warning' }, [ answer.error ]);
	return E('div', {}, [
		table('flows', [ _('Protocol'), _('Source'), _('Destination'), _('Path'), _('State'), _('Reason'), _('Bytes'), _('By hardware'), '' ],
			answer.flows.map(flowRow), _('There are no such flows.')),
		answer.flows.length == FLOWS ? E('p', {}, [ _('Only the %d flows with the most bytes are listed.').format(FLOWS) ]) : '' ]);
}

return view.extend({
	load() {
		return Promise.all([ callStatus(), callFlows('any', 'bytes', FLOWS) ]);
	},

	render([ status, flows ]) {
		const top = E('div', { 'id': 'status' }, [ renderStatus(status) ]);
		const bottom = E('div', {}, [ renderFlows(flows) ]);
		const state = E('select', { 'id': 'state', 'change': () => refresh() },
			[ [ 'any', _('all') ], ...Object.entries(STATES).filter(([ name ]) => name != 'unknown') ]
				.map(([ value, text ]) => E('option', { 'value': value }, [ text ])));
		const refresh = () => Promise.all([ callStatus(), callFlows(state.value, 'bytes', FLOWS) ]).then(([ s, f ]) => {
			dom.content(top, [ renderStatus(s) ]);
			dom.content(bottom, [ renderFlows(f) ]);
		});

		poll.add(refresh, INTERVAL);
		return E('div', {}, [
			E('h2', {}, [ _('Flow offload') ]),
			top,
			section(_('Flows'), E('p', {}, [ E('label', {}, [ _('State'), ' ', state ]), ' ',
				E('button', { 'class': 'btn cbi-button', 'id': 'check', 'click': ui.createHandlerFn(null, check) }, [ _('Check this router') ]) ]), bottom) ]);
	},

	handleSaveApply: null,
	handleSave: null,
	handleReset: null,
});
