/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of a report's texts, as report.schema.json has them: a pattern or an enumeration each. */
#ifndef BR_READ_FORMS_H
#define BR_READ_FORMS_H

#include <stdbool.h>

typedef bool br_form(const char *s);

br_form br_form_shown; /* NULL or without control characters */
br_form br_form_some, br_form_path, br_form_sha256, br_form_content, br_form_id, br_form_code, br_form_version;
br_form br_form_schema, br_form_tool, br_form_context, br_form_rtc, br_form_mode, br_form_firmware, br_form_choice;
br_form br_form_level, br_form_status, br_form_severity, br_form_basis, br_form_kind;

#endif
