// SPDX-License-Identifier: GPL-2.0-or-later
// Switches, policies and export: what is in /etc/config/nft-offload. The service has the last
// word on what makes sense; the page "Status" shows what it left out.
'use strict';
'require view';
'require form';

const matches = (pattern, text) => (section, value) => value == null || value === '' || pattern.test(value) || text;

const MARK = matches(/^(0x[0-9a-f]{1,8}|0|[1-9][0-9]{0,9})(\/(0x[0-9a-f]{1,8}|0|[1-9][0-9]{0,9}))?$/i,
	_('A mark, or mark and mask, as in 0x80/0x80'));
const NUMBER = matches(/^[1-9][0-9]{0,9}$/, _('A number from 1 on'));
const NAME = matches(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/, _('A name of letters, digits, and . _ -'));
const DEVICE = matches(/^[A-Za-z0-9_@][A-Za-z0-9_.@-]{0,14}$/, _('A name of a device'));
const AFTER = matches(/^([1-9][0-9]{0,9} (packets|bytes|kbytes|mbytes)|rate [1-9][0-9]{0,9} packets\/second)$/,
	_('As in “1 mbytes”, “20 packets” or “rate 30 packets/second”'));
const HOST = matches(/^[A-Za-z0-9.:][A-Za-z0-9.:-]*$/, _('A name or an address'));

function option(section, type, name, title, text, more = {}) {
	const { values = [], ...rest } = more;
	const o = section.option(type, name, title, text);
	values.forEach(([ value, label ]) => o.value(value, label));
	return Object.assign(o, rest);
}

const ON_OFF = [ [ '', _('as it is') ], [ '1', _('on') ], [ '0', _('off') ] ];

function flowtableOptions(s) {
	option(s, form.ListValue, 'family', _('Family'), null, { values: [ [ 'inet', 'inet' ], [ 'ip', 'ip' ], [ 'ip6', 'ip6' ] ], default: 'inet' });
	option(s, form.Value, 'table', _('Table'), null, { default: 'fw4', placeholder: 'fw4', validate: NAME });
	option(s, form.Value, 'flowtable', _('Flowtable'), _('“ft” is that of the firewall.'), { default: 'ft', placeholder: 'ft', validate: NAME });
}

function switches(m) {
	const s = m.section(form.NamedSection, 'global', 'global', _('Switches'));
	option(s, form.Flag, 'enabled', _('Enabled'), _('Off: nothing of this page is done, and what was done is taken back, except for the two switches.'), { default: '1', rmempty: false });
	option(s, form.ListValue, 'offload', _('Hardware offload'), _('Off: all flows leave hardware and go on in software.'), { values: ON_OFF, optional: true });
	option(s, form.ListValue, 'strict', _('Strict'), _('On: a flowtable is refused if one of its devices cannot offload.'), { values: ON_OFF, optional: true });
}

function ownFlowtable(m) {
	const s = m.section(form.NamedSection, 'pft', 'pft', _('A flowtable of its own'),
		_('“pft”, in place of the flowtable of the firewall, whose flow offloading has to be off. Connections stay in hardware when the firewall is reloaded.'));
	option(s, form.Flag, 'enabled', _('Enabled'), null, { rmempty: false });
	option(s, form.DynamicList, 'device', _('Devices'), _('Of a bridge, all ports are taken. Devices that cannot offload stay in software.'), { validate: DEVICE });
	option(s, form.Flag, 'hardware', _('Hardware'), _('Off: the fast path of software only.'), { default: '1', rmempty: false });
	option(s, form.Flag, 'counter', _('Count packets'), null, { default: '1', rmempty: false });
}

function flowtables(m) {
	const s = m.section(form.TypedSection, 'flowtable', _('Other flowtables'));
	s.anonymous = s.addremove = true;
	flowtableOptions(s);
	option(s, form.ListValue, 'strict', _('Strict'), _('Off: flows of devices that cannot offload stay in software.'),
		{ values: [ [ 'default', _('as above') ], [ 'on', _('on') ], [ 'off', _('off') ] ], default: 'default' });
}

function policies(m) {
	const s = m.section(form.TypedSection, 'policy', _('Policies'), _('Which flows get hardware, and what they keep there. Rules of nftables set the marks of connections.'));
	s.anonymous = s.addremove = true;
	option(s, form.Flag, 'enabled', _('Enabled'), null, { default: '1', rmempty: false });
	flowtableOptions(s);
	option(s, form.DynamicList, 'never', _('Never, with mark'), _('These connections stay in the slow path: every packet sees all rules.'), { validate: MARK });
	option(s, form.DynamicList, 'software', _('Software only, with mark'), null, { validate: MARK });
	option(s, form.Value, 'stack', _('First packets through the stack'), _('So many packets of a connection see all rules, for example for DPI.'), { validate: NUMBER });
	option(s, form.Value, 'hardware_after', _('Hardware after'), _('For example “1 mbytes”, “20 packets” or “rate 30 packets/second”.'), { validate: AFTER });
	option(s, form.Value, 'budget', _('Budget'), _('So many entries of the hardware at most.'), { validate: NUMBER });
	option(s, form.Flag, 'per_device', _('Budget for each device'));
	option(s, form.ListValue, 'evict', _('When the budget is used up'), null, { values: [ [ 'slowest', _('the slowest flow leaves') ], [ 'none', _('new flows stay out') ] ], default: 'slowest' });
	option(s, form.ListValue, 'shaped', _('Flows with a shaper in software'), null,
		{ values: [ [ '', _('as without this policy') ], [ 'software', _('stay out of hardware') ], [ 'ignore', _('may be in hardware') ] ], optional: true });
	option(s, form.MultiValue, 'carry', _('Keep in hardware'), null, { values: [ [ 'priority', _('priority') ], [ 'dscp', 'DSCP' ] ] });
	option(s, form.Value, 'dscp_mark', _('DSCP from the mark'), _('MASK/STATE of the mark of connections, for rules after those that offload. Empty: what packets have.'), { validate: MARK });
	option(s, form.Value, 'priority_mark', _('Priority from the mark'), null, { validate: MARK });
	option(s, form.ListValue, 'carry_mode', _('If hardware cannot'), null, { values: [ [ 'optional', _('do without') ], [ 'required', _('stay in software') ] ], default: 'optional' });
}

function collectors(m) {
	const s = m.section(form.TypedSection, 'export', _('Export'), _('Records of flows for collectors, in IPFIX.'));
	s.anonymous = s.addremove = true;
	option(s, form.Flag, 'enabled', _('Enabled'), null, { rmempty: false });
	option(s, form.ListValue, 'protocol', _('Protocol'), null, { values: [ [ 'udp', 'UDP' ], [ 'tcp', 'TCP' ] ], default: 'udp' });
	option(s, form.Value, 'host', _('Collector'), null, { validate: HOST });
	option(s, form.Value, 'port', _('Port'), null, { default: '4739', datatype: 'port' });
	option(s, form.Value, 'timeout', _('Active timeout'), _('Seconds between two records of a flow that goes on.'), { placeholder: '60', validate: NUMBER });
	option(s, form.Value, 'filter', _('Only flows that match'), _('In the words of nft, for example “tcp dport 443”.'));
}

return view.extend({
	render() {
		const m = new form.Map('nft-offload', _('Flow offload'));
		[ switches, ownFlowtable, flowtables, policies, collectors ].forEach(part => part(m));
		return m.render();
	},
});
