/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of a report in the writing of a format. They come from images that may be anybody's, and from the command
 * line: whatever they hold, it is shown and nothing in it is obeyed. Control characters, and characters that cannot be
 * seen or that turn the direction of what follows, stand as \xNN. NULL is written as nothing.
 */
#ifndef BR_ESCAPE_H
#define BR_ESCAPE_H

#include <stdio.h>

#include "base/macro.h"
#include "base/str.h"

/* Owned; UTF-8 without what is named above; NULL when memory ran out. */
char *br_plain(const char *s);

/* Content of an element or of an attribute in double quotes, of XML 1.0 and of HTML. */
void br_xml_text(FILE *out, const char *s);

/* Inline text of CommonMark, never to begin a line with. Words that renderers make links of stand as code. */
void br_markdown_text(FILE *out, const char *s);
/* The same in a cell of a GFM table, where a bar ends even code. */
void br_markdown_cell(FILE *out, const char *s);
/* A code span; not in a table. */
void br_markdown_code(FILE *out, const char *s);
/* A fenced code block, each line indented. */
void br_markdown_block(FILE *out, size_t indent, const char *s);

/* A TAP 14 description or the reason of a directive, where # and \ have a meaning. */
void br_tap_text(FILE *out, const char *s);
/* A double-quoted scalar of YAML, which is a string of JSON. */
void br_tap_quoted(FILE *out, const char *s);

#endif
