/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* YAML's surface: lines, indentation, comments, block scalars, and flow values over several lines. */
#include <errno.h>

#include "image/cloudcfg.h"

/* A flow value over lines: each line that is joined is looked at again with all before it. */
#define FLOW_MAX       65536
#define FLOW_LINES_MAX 1024

void br_yaml_free(struct br_yaml *y)
{
	for (size_t i = 0; i < y->n; i++)
		free(y->v[i].text);
	free(y->v);
	*y = (struct br_yaml){0};
}

/* Length of a quoted scalar with its quotes, 0 when it does not end in this text. */
static size_t quoted_len(const char *s)
{
	char q = s[0];

	for (size_t n = 1; s[n]; n++) {
		if ((q == '"' && s[n] == '\\' && s[n + 1]) || (q == '\'' && s[n] == q && s[n + 1] == q))
			n++;
		else if (s[n] == q)
			return n + 1;
	}
	return 0;
}

size_t br_yaml_key(const char *text, const char **value)
{
	size_t n;

	if (text[0] == '"' || text[0] == '\'') {
		n = quoted_len(text);
		if (!n || text[n] != ':' || (text[n + 1] && text[n + 1] != ' '))
			return 0;
	} else {
		for (n = 0; text[n] && !(text[n] == ':' && (!text[n + 1] || text[n + 1] == ' ')); n++)
			;
		if (!n || !text[n] || strchr("[]{},#&*!|>%@`?", text[0]))
			return 0;
	}
	*value = text + n + 1 + strspn(text + n + 1, " ");
	return n;
}

/* What a line's value is, behind any "- " and "key: " and tags and anchors. */
static const char *value_of(const char *text)
{
	for (;;) {
		const char *next;

		if (text[0] == '-' && (text[1] == ' ' || !text[1])) {
			text += 1;
			text += strspn(text, " ");
		} else if ((text[0] == '&' || text[0] == '!') && strchr(text, ' ')) {
			text = strchr(text, ' ');
			text += strspn(text, " ");
		} else if (br_yaml_key(text, &next)) {
			text = next;
		} else {
			return text;
		}
	}
}

/* Depth of brackets that are open at the end of a flow value; -1: within a quoted scalar, or too many closed. */
static int flow_depth(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '"' || *s == '\'') {
			size_t n = quoted_len(s);

			if (!n)
				return -1;
			s += n - 1;
		} else if (*s == '[' || *s == '{') {
			depth++;
		} else if (*s == ']' || *s == '}') {
			if (--depth < 0)
				return -1;
		} else if (*s == '#' && (s[-1] == ' ')) {
			break;
		}
	}
	return depth;
}

/* Cuts a comment, and blanks before it or at the end. */
static void cut_comment(char *text)
{
	size_t n;

	for (char *s = text; *s; s++) {
		if ((*s == '"' || *s == '\'') && (s == text || strchr(" [{,:", s[-1]))) {
			n = quoted_len(s);
			if (n)
				s += n - 1;
		} else if (*s == '#' && (s == text || s[-1] == ' ' || s[-1] == '\t')) {
			*s = '\0';
			break;
		}
	}
	for (n = strlen(text); n && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\r'); n--)
		text[n - 1] = '\0';
}

struct reader {
	const char *at, *end;
	unsigned number;
};

/* The next line, owned; NULL at the end. */
static char *next_line(struct reader *r, bool *oom)
{
	const char *stop;
	char *line;

	if (r->at >= r->end)
		return NULL;
	stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	line = strndup(r->at, stop ? (size_t)(stop - r->at) : (size_t)(r->end - r->at));
	*oom |= !line;
	r->at = stop ? stop + 1 : r->end;
	r->number++;
	return line;
}

/* Passes over the lines of a block scalar: all that are empty or deeper than its own line. */
static void skip_block(struct reader *r, unsigned indent)
{
	while (r->at < r->end) {
		const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at)), *s = r->at;

		while (s < r->end && *s == ' ')
			s++;
		if (s < r->end && *s != '\n' && *s != '\r' && (size_t)(s - r->at) <= indent)
			return;
		r->at = stop ? stop + 1 : r->end;
		r->number++;
	}
}

/* Joins the lines that a flow value goes on over. */
static int join_flow(struct reader *r, char **text)
{
	unsigned lines = 0;
	bool oom = false;
	int depth;

	while ((depth = flow_depth(value_of(*text))) > 0) {
		br_autofree char *more = next_line(r, &oom), *whole = NULL;

		if (!more)
			return oom ? -ENOMEM : -EBADMSG;
		cut_comment(more);
		whole = br_format("%s %s", *text, more + strspn(more, " \t"));
		if (!whole)
			return -ENOMEM;
		free(*text);
		*text = BR_TAKE(whole);
		if (strlen(*text) > FLOW_MAX || ++lines > FLOW_LINES_MAX)
			return -EBADMSG;
	}
	return depth < 0 ? -EBADMSG : 0;
}

static int add(struct br_yaml *y, unsigned number, unsigned indent, char **text)
{
	if (br_grow(&y->v, &y->cap, y->n, sizeof(*y->v)) < 0)
		return -ENOMEM;
	y->v[y->n++] = (struct br_yaml_line){number, indent, BR_TAKE(*text)};
	return 0;
}

static int take_line(struct reader *r, const char *line, struct br_yaml *y)
{
	unsigned indent = (unsigned)strspn(line, " "), number = r->number;
	br_autofree char *text = strdup(line + indent);
	const char *value;
	int ret;

	if (!text)
		return -ENOMEM;
	cut_comment(text);
	if (!*text)
		return 0;
	if (text[0] == '\t')
		return -EBADMSG;
	value = value_of(text);
	if (value[0] == '[' || value[0] == '{') {
		ret = join_flow(r, &text);
		if (ret < 0)
			return ret;
	} else if ((value[0] == '"' || value[0] == '\'') && !quoted_len(value)) {
		return -EBADMSG; /* a quoted scalar over several lines */
	} else if (value[0] == '|' || value[0] == '>') {
		skip_block(r, indent);
	}
	return add(y, number, indent, &text);
}

int br_yaml_lines(const char *buf, size_t len, struct br_yaml *ret, unsigned *ret_line)
{
	struct reader r = {buf, buf + len, 0};
	bool oom = false;

	if (memchr(buf, '\0', len)) {
		*ret_line = 1;
		return -EBADMSG;
	}
	while (r.at < r.end) {
		br_autofree char *line = next_line(&r, &oom);
		unsigned number = r.number;
		int e;

		if (!line)
			return -ENOMEM;
		e = take_line(&r, line, ret);
		if (e < 0) {
			*ret_line = number;
			return e;
		}
	}
	return 0;
}
