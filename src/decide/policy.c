/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/sha256.h"
#include "base/strictjson.h"
#include "decide/policy.h"
#include "report/read-forms.h"

struct parse {
	struct br_json_doc doc;
	struct br_policy *p;
	char *why; /* the first thing wrong; owned */
	bool oom;
};

static void refuse(struct parse *ps, const cJSON *at, const char *fmt, ...) br_printf(3, 4);
static void refuse(struct parse *ps, const cJSON *at, const char *fmt, ...)
{
	br_autostr struct br_str text = {0};
	va_list ap;

	if (ps->why)
		return;
	va_start(ap, fmt);
	br_str_vprintf(&text, fmt, ap);
	va_end(ap);
	ps->why = br_format("line %u: %s", br_json_line(&ps->doc, at), text.s ? text.s : "");
	ps->oom |= !ps->why;
}

typedef bool word_fn(const char *word);

static bool is_context(const char *w)
{
	return br_form_context(w);
}

static bool is_checks(const char *w)
{
	return strcmp(w, "all") == 0 || strcmp(w, "high") == 0 || br_check_by_id(w);
}

static bool is_checks_or_code(const char *w)
{
	return is_checks(w) || br_check_of_code(w);
}

static bool is_some(const char *w)
{
	return *w != '\0';
}

/* The list in place of the default's. */
static void take_words(struct parse *ps, const cJSON *j, struct br_strv *to, word_fn *good)
{
	const cJSON *w;

	if (!cJSON_IsArray(j)) {
		refuse(ps, j, "\"%s\" is a list of words", j->string);
		return;
	}
	if (cJSON_GetArraySize(j) > BR_POLICY_WORDS_MAX) {
		refuse(ps, j, "\"%s\" is a list of at most %d", j->string, BR_POLICY_WORDS_MAX);
		return;
	}
	br_strv_free(to);
	cJSON_ArrayForEach(w, j)
	{
		if (!cJSON_IsString(w))
			refuse(ps, w, "\"%s\" is a list of words", j->string);
		else if (!good(w->valuestring))
			refuse(ps, w, "\"%s\" cannot have \"%s\"", j->string, w->valuestring);
		else
			br_strv_add(to, w->valuestring);
	}
	ps->oom |= to->oom;
}

/* Which of the words it is; the first after a refusal. */
static unsigned take_choice(struct parse *ps, const cJSON *j, const char *const words[], size_t n)
{
	br_autostr struct br_str all = {0};

	for (size_t i = 0; i < n; i++) {
		if (cJSON_IsString(j) && strcmp(j->valuestring, words[i]) == 0)
			return (unsigned)i;
		br_str_printf(&all, "%s%s", i ? i + 1 < n ? ", " : " or " : "", words[i]);
	}
	refuse(ps, j, "\"%s\" is %s", j->string, all.s ? all.s : "");
	return 0;
}
#define CHOICE(ps, j, ...)                                                                         \
	take_choice(ps, j, (const char *const[]){__VA_ARGS__},                                     \
	            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void take_days(struct parse *ps, const cJSON *j)
{
	if (!cJSON_IsNumber(j) || j->valuedouble < 1 || j->valuedouble > 36500 || j->valuedouble != j->valueint)
		refuse(ps, j, "\"%s\" is whole days from 1 to 36500", j->string);
	else
		ps->p->oldest_days = (unsigned)j->valueint;
}

static void take_version(struct parse *ps, const cJSON *j)
{
	if (!cJSON_IsString(j) || !br_form_version(j->valuestring)) {
		refuse(ps, j, "\"%s\" is a version", j->string);
		return;
	}
	free(ps->p->oldest_tool);
	ps->p->oldest_tool = strdup(j->valuestring);
	ps->oom |= !ps->p->oldest_tool;
}

static void hold_waiver(struct parse *ps, const cJSON *j, struct br_waiver *w)
{
	if (ps->why)
		return;
	if (!w->code || !w->reason || !w->until)
		refuse(ps, j, "a waiver has a \"code\", a \"reason\" and an \"until\"");
	else if (!br_check_of_code(w->code))
		refuse(ps, j, "no check has a finding \"%s\"", w->code);
	else if (!*w->reason)
		refuse(ps, j, "the waiver of %s has no reason", w->code);
	else if (br_date_parse(w->until, &w->end) < 0)
		refuse(ps, j, "\"until\" is a day, as 2027-01-31, not \"%s\"", w->until);
	w->end += 24 * 60 * 60;
}

static void take_waiver(struct parse *ps, const cJSON *j, struct br_waiver *w)
{
	const cJSON *v;

	if (!cJSON_IsObject(j))
		refuse(ps, j, "a waiver is an object");
	cJSON_ArrayForEach(v, j)
	{
		char **to = strcmp(v->string, "code") == 0     ? &w->code
		            : strcmp(v->string, "reason") == 0 ? &w->reason
		            : strcmp(v->string, "until") == 0  ? &w->until
		                                               : NULL;

		if (!to)
			refuse(ps, v, "a waiver has no key \"%s\"", v->string);
		else if (!cJSON_IsString(v))
			refuse(ps, v, "\"%s\" is a text", v->string);
		else if (!(*to = strdup(v->valuestring)))
			ps->oom = true;
	}
	hold_waiver(ps, j, w);
}

static void take_waivers(struct parse *ps, const cJSON *j)
{
	struct br_policy *p = ps->p;
	const cJSON *w;

	if (!cJSON_IsArray(j) || cJSON_GetArraySize(j) > BR_POLICY_WORDS_MAX) {
		refuse(ps, j, "\"waivers\" is a list of at most %d", BR_POLICY_WORDS_MAX);
		return;
	}
	cJSON_ArrayForEach(w, j)
	{
		if (ps->why || br_grow(&p->waivers, &p->cap_waivers, p->n_waivers, sizeof(*p->waivers)) < 0)
			return;
		take_waiver(ps, w, &p->waivers[p->n_waivers++]);
		if (!ps->why && br_policy_waiver(p, p->waivers[p->n_waivers - 1].code) != &p->waivers[p->n_waivers - 1])
			refuse(ps, w, "%s is waived twice", p->waivers[p->n_waivers - 1].code);
	}
}

static void take(struct parse *ps, const cJSON *j)
{
	struct br_policy *p = ps->p;
	const struct {
		const char *key;
		struct br_strv *to;
		word_fn *good;
	} lists[] = {
		{"profiles", &p->profiles, is_some},         {"contexts", &p->contexts, is_context},
		{"refused_tools", &p->refused_tools, br_form_version}, {"must_be_ok", &p->must_be_ok, is_checks},
		{"must_be_known", &p->must_be_known, is_checks},
		{"warnings_matter", &p->warnings_matter, is_checks_or_code}, {"keys", &p->keys, is_some},
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(lists); i++) {
		if (strcmp(j->string, lists[i].key) == 0) {
			take_words(ps, j, lists[i].to, lists[i].good);
			return;
		}
	}
	if (strcmp(j->string, "oldest_days") == 0)
		take_days(ps, j);
	else if (strcmp(j->string, "oldest_tool") == 0)
		take_version(ps, j);
	else if (strcmp(j->string, "unknown") == 0)
		p->unknown = (enum br_outcome)CHOICE(ps, j, "accept", "undetermined", "reject");
	else if (strcmp(j->string, "stale") == 0)
		p->stale = CHOICE(ps, j, "undetermined", "reject") ? BR_REJECTS : BR_LEAVES_OPEN;
	else if (strcmp(j->string, "signature") == 0)
		p->signature_required = CHOICE(ps, j, "optional", "required") == 1;
	else if (strcmp(j->string, "report_alone") == 0)
		p->report_alone = CHOICE(ps, j, "no", "yes") == 1;
	else if (strcmp(j->string, "waivers") == 0)
		take_waivers(ps, j);
	else
		refuse(ps, j, "a policy has no key \"%s\"", j->string);
}

static int lay_over(struct br_policy *p, const char *buf, size_t len, char **ret_why)
{
	struct parse ps = {.p = p};
	int r = br_json_strict(buf, len, true, &ps.doc, &ps.why);
	const cJSON *j;

	if (r == 0 && !cJSON_IsObject(ps.doc.top))
		refuse(&ps, ps.doc.top, "a policy is an object");
	cJSON_ArrayForEach(j, ps.doc.top)
	{
		if (!ps.why)
			take(&ps, j);
	}
	if (r == 0)
		r = ps.why ? -EINVAL : ps.oom ? -ENOMEM : 0;
	if (r == -EINVAL)
		*ret_why = ps.why;
	else
		free(ps.why);
	br_json_doc_free(&ps.doc);
	return r;
}

int br_policy_parse(const char *name, const char *buf, size_t len, struct br_policy *ret, char **ret_why)
{
	br_cleanup(br_policy_free) struct br_policy p = {.name = strdup(name)};
	struct br_sha256 sum;
	int r;

	if (!p.name)
		return -ENOMEM;
	r = lay_over(&p, br_default_policy, strlen(br_default_policy), ret_why);
	if (r == 0 && buf != br_default_policy)
		r = lay_over(&p, buf, len, ret_why);
	if (r == 0 && p.signature_required && !p.keys.n) {
		*ret_why = br_format("line 1: a signature is required, and \"keys\" names no key");
		r = *ret_why ? -EINVAL : -ENOMEM;
	}
	if (r < 0)
		return r;
	br_sha256_init(&sum);
	br_sha256_add(&sum, buf, len);
	br_sha256_hex(&sum, p.sha256);
	*ret = p;
	p = (struct br_policy){0};
	return 0;
}

void br_policy_free(struct br_policy *p)
{
	struct br_strv *lists[] = {&p->profiles, &p->contexts, &p->refused_tools, &p->must_be_ok, &p->must_be_known,
	                           &p->warnings_matter, &p->keys};

	for (size_t i = 0; i < BR_ARRAY_SIZE(lists); i++)
		br_strv_free(lists[i]);
	for (size_t i = 0; i < p->n_waivers; i++) {
		free(p->waivers[i].code);
		free(p->waivers[i].reason);
		free(p->waivers[i].until);
	}
	free(p->waivers);
	free(p->oldest_tool);
	free(p->name);
	*p = (struct br_policy){0};
}

bool br_policy_covers(const struct br_strv *list, const struct br_check *check)
{
	return br_strv_has(list, "all") || (check->level == BR_LEVEL_HIGH && br_strv_has(list, "high")) ||
	       br_strv_has(list, check->id);
}

const struct br_waiver *br_policy_waiver(const struct br_policy *p, const char *code)
{
	for (size_t i = 0; i < p->n_waivers; i++)
		if (br_streq(p->waivers[i].code, code))
			return &p->waivers[i];
	return NULL;
}
