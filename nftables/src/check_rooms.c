// SPDX-License-Identifier: GPL-2.0-or-later
/* check: is there room in hardware? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "check.h"

#define NEARLY	90	/* percent */

static void check_room(const struct machine_room *room)
{
	char fix[256];

	snprintf(fix, sizeof(fix),
		 "narrow the rules with \"flow add\", or see \"devlink resource show %.63s\" for a larger size",
		 room->device);
	if (!room->counted)
		check_line(CHECK_OK, "room", room->device, NULL,
			   "%s: of %" PRIu64 " rules; the driver does not report how many are in use",
			   room->name, room->size);
	else if (room->used >= room->size)
		check_line(CHECK_FAIL, "room", room->device, fix,
			   "%s is full: %" PRIu64 " of %" PRIu64 " rules", room->name, room->used,
			   room->size);
	else
		check_line(room->used * 100 / room->size >= NEARLY ? CHECK_WARN : CHECK_OK,
			   "room", room->device,
			   room->used * 100 / room->size >= NEARLY ? fix : NULL,
			   "%s: %" PRIu64 " of %" PRIu64 " rules, %" PRIu64 " %%", room->name,
			   room->used, room->size, room->used * 100 / room->size);
}

void check_rooms(const struct facts *facts)
{
	unsigned int i;

	if (facts->rooms_err)
		check_line(CHECK_UNKNOWN, "room", NULL, NULL, "devlink does not answer: %s",
			   strerror(facts->rooms_err));
	else if (!facts->num_rooms)
		check_line(CHECK_UNKNOWN, "room", NULL, NULL,
			   "no driver reports the size of its flow table");
	for (i = 0; i < facts->num_rooms; i++)
		check_room(&facts->rooms[i]);
}
