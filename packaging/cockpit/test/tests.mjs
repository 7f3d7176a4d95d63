// SPDX-License-Identifier: GPL-2.0-or-later
// All tests. Each gets a new page, and fails if the console has an error.
import { adminTests } from "./test-admin.mjs";
import { flowTests } from "./test-flows.mjs";
import { lookTests } from "./test-look.mjs";
import { overviewTests } from "./test-overview.mjs";
import { shellTests } from "./test-shell.mjs";
import { troubleTests } from "./test-trouble.mjs";

export const tests = [...overviewTests, ...flowTests, ...adminTests, ...troubleTests, ...lookTests, ...shellTests];
