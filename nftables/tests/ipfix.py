# SPDX-License-Identifier: GPL-2.0-or-later
# A reader of IPFIX, for test cases. It is made from RFC 7011 and 5103, not from the tool's tables.
import ipaddress, struct

REVERSE, OURS, VARIABLE = 29305, 32473, 65535
# number of an element: name, length
NAMES = {
    (0, 1): ("octetDeltaCount", 8), (0, 2): ("packetDeltaCount", 8), (0, 4): ("protocolIdentifier", 1),
    (0, 7): ("sourceTransportPort", 2), (0, 8): ("sourceIPv4Address", 4), (0, 10): ("ingressInterface", 4),
    (0, 11): ("destinationTransportPort", 2), (0, 12): ("destinationIPv4Address", 4),
    (0, 14): ("egressInterface", 4), (0, 27): ("sourceIPv6Address", 16),
    (0, 28): ("destinationIPv6Address", 16), (0, 136): ("flowEndReason", 1), (0, 148): ("flowId", 8), (0, 239): ("biflowDirection", 1),
    (0, 152): ("flowStartMilliseconds", 8), (0, 153): ("flowEndMilliseconds", 8),
    (0, 225): ("postNATSourceIPv4Address", 4), (0, 226): ("postNATDestinationIPv4Address", 4),
    (0, 227): ("postNAPTSourceTransportPort", 2), (0, 228): ("postNAPTDestinationTransportPort", 2),
    (0, 281): ("postNATSourceIPv6Address", 16), (0, 282): ("postNATDestinationIPv6Address", 16),
    (REVERSE, 1): ("reverseOctetDeltaCount", 8), (REVERSE, 2): ("reversePacketDeltaCount", 8),
    (0, 346): ("privateEnterpriseNumber", 4), (0, 303): ("informationElementId", 2), (0, 339): ("informationElementDataType", 1),
    (0, 344): ("informationElementSemantics", 1), (0, 345): ("informationElementUnits", 2), (0, 341): ("informationElementName", VARIABLE),
    (OURS, 1): ("softwareOctetDeltaCount", 8), (OURS, 2): ("softwarePacketDeltaCount", 8),
    (OURS, 3): ("hardwareOctetDeltaCount", 8), (OURS, 4): ("hardwarePacketDeltaCount", 8),
    (OURS, 5): ("reverseSoftwareOctetDeltaCount", 8), (OURS, 6): ("reverseSoftwarePacketDeltaCount", 8),
    (OURS, 7): ("reverseHardwareOctetDeltaCount", 8), (OURS, 8): ("reverseHardwarePacketDeltaCount", 8),
}


class Reader:
    """One session: a file, a TCP connection, or the datagrams of one exporter."""

    def __init__(self):
        self.templates, self.records, self.next = {}, [], {}
        self.scopes, self.types, self.others = {}, {}, 0    # of options; what elements are; records of that
        self.messages = self.template_messages = self.missing = self.longest = 0

    def message(self, data):
        version, length, seconds, sequence, domain = struct.unpack_from("!HHIII", data)
        assert version == 10, f"version {version}"
        assert length == len(data), f"length {length} of {len(data)}"
        self.longest = max(self.longest, length)
        self.messages += 1
        wanted = self.next.get(domain, 0)
        self.missing += (sequence - wanted) % 2**32
        before, at, templates = len(self.records) + self.others, 16, False
        while at < length:
            set_id, size = struct.unpack_from("!HH", data, at)
            assert size >= 4 and at + size <= length, f"set of {size} bytes"
            body = data[at + 4:at + size]
            if set_id == 2:
                templates = True
                self.template_set(domain, body)
            elif set_id == 3:
                self.template_set(domain, body, options=True)
            else:
                assert set_id >= 256, f"set {set_id}"
                self.data_set(domain, set_id, seconds, body)
            at += size
        self.template_messages += templates
        self.next[domain] = (sequence + len(self.records) + self.others - before) % 2**32

    def template_set(self, domain, body, options=False):
        at = 0
        while len(body) - at >= 4:
            number, count = struct.unpack_from("!HH", body, at)
            assert number >= 256 and count, f"template {number} with {count} fields"
            at, fields = at + 4, []
            if options:
                self.scopes[domain, number], = struct.unpack_from("!H", body, at)
                assert 0 < self.scopes[domain, number] <= count, f"options {number}: scope of {self.scopes[domain, number]} fields"
                at += 2
            for _ in range(count):
                element, size = struct.unpack_from("!HH", body, at)
                at, pen = at + 4, 0
                if element & 0x8000:
                    pen, = struct.unpack_from("!I", body, at)
                    at += 4
                name, wanted = NAMES[pen, element & 0x7fff]
                assert size == wanted, f"{name} has {size} bytes"
                fields.append((name, size))
            assert len({n for n, _ in fields}) == count, f"template {number}: a field is there twice"
            assert self.templates.setdefault((domain, number), fields) == fields, "template changed"
        assert at == len(body), "bytes after the last template"

    def options_set(self, domain, number, body):
        """What elements are (RFC 5610)."""
        at = 0
        while at < len(body):
            record = {}
            for name, length in self.templates[domain, number]:
                if length == VARIABLE:
                    length, at = body[at], at + 1
                    record[name] = body[at:at + length].decode()
                else:
                    record[name] = int.from_bytes(body[at:at + length], "big")
                at += length
            key = record.pop("privateEnterpriseNumber"), record.pop("informationElementId")
            assert self.types.setdefault(key, record) == record, f"element {key} changed"
            self.others += 1
        assert at == len(body), "a part of a record"

    def data_set(self, domain, number, seconds, body):
        if (domain, number) in self.scopes:
            return self.options_set(domain, number, body)
        fields = self.templates[domain, number]
        size = sum(s for _, s in fields)
        assert body and len(body) % size == 0, f"{len(body)} bytes of records of {size}"
        for at in range(0, len(body), size):
            record = {"domain": domain, "exportTime": seconds}
            for name, length in fields:
                value = body[at:at + length]
                record[name] = str(ipaddress.ip_address(value)) if name.endswith("Address") else \
                    int.from_bytes(value, "big")
                at += length
            self.records.append(record)

    def stream(self, data):
        """Messages one after the other. Returns what is left of an incomplete one."""
        while len(data) >= 16 and len(data) >= (length := struct.unpack_from("!H", data, 2)[0]):
            assert length >= 16, f"length {length}"
            self.message(data[:length])
            data = data[length:]
        return data


COUNTS = [n for n, _ in NAMES.values() if n.endswith("DeltaCount")]


def totals(records):
    return {n: sum(r[n] for r in records) for n in COUNTS}
