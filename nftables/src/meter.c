// SPDX-License-Identifier: GPL-2.0-or-later
/* Rates of counters that are read now and then. */
#include <math.h>
#include "meter.h"

#define SILENCE	1000	/* milliseconds that a reading may be late */

const unsigned int meter_seconds[METER_SPANS] = { 2, 10, 40 };

/* What is left of a reading's weight after @ms */
static double weight(unsigned int span, uint64_t ms)
{
	return exp(-(double)ms / (meter_seconds[span] * 1000.0));
}

void meter_add(struct meter *meter, uint64_t when, uint64_t bytes, uint64_t packets)
{
	uint64_t ms = when - meter->when;
	unsigned int i;
	double left;

	if (meter->begun && when <= meter->when)
		return;
	/* a counter that goes back is another one */
	if (meter->begun && bytes >= meter->bytes && packets >= meter->packets) {
		for (i = 0; i < METER_SPANS; i++) {
			left = weight(i, ms);
			meter->sum_bytes[i] = meter->sum_bytes[i] * left +
					      (bytes - meter->bytes);
			meter->sum_packets[i] = meter->sum_packets[i] * left +
						(packets - meter->packets);
			meter->sum_ms[i] = meter->sum_ms[i] * left + ms;
		}
		meter->gap = ms < UINT32_MAX ? ms : UINT32_MAX;
	}
	meter->begun = true;
	meter->when = when;
	meter->bytes = bytes;
	meter->packets = packets;
}

bool meter_known(const struct meter *meter)
{
	return meter->gap;
}

/* Without a reading for much longer than usual, nothing came in */
static double rate(const struct meter *meter, const float *sum, unsigned int span, uint64_t now)
{
	uint64_t usual = meter->when + 2 * (uint64_t)meter->gap + SILENCE, late;
	double left;

	if (!meter->gap)
		return 0;
	late = now > usual ? now - usual : 0;
	if (late > 10000 * (uint64_t)meter_seconds[span])
		return 0;
	left = weight(span, late);
	return sum[span] * left / (meter->sum_ms[span] * left + late) * 1000;
}

double meter_bytes(const struct meter *meter, unsigned int span, uint64_t now)
{
	return rate(meter, meter->sum_bytes, span, now);
}

double meter_packets(const struct meter *meter, unsigned int span, uint64_t now)
{
	return rate(meter, meter->sum_packets, span, now);
}
