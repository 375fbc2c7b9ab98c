/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bootready list, explain, profiles: what the program knows, from the checks' own descriptors. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "cli.h"
#include "profiles/profile.h"
#include "report/json.h"

static bool asks_help(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], "--help") == 0;
}

/* --profile P and --format table|json of `list`. 0, or the exit status. */
static int list_options(int argc, char **argv, const char **profile, bool *json)
{
	for (int i = 1; i < argc; i++) {
		bool last = i + 1 == argc;

		if (strcmp(argv[i], "--profile") == 0 && !last) {
			*profile = argv[++i];
		} else if (strcmp(argv[i], "--format") == 0 && !last) {
			i++;
			*json = strcmp(argv[i], "json") == 0;
			if (!*json && strcmp(argv[i], "table") != 0)
				return br_usage_error("--format takes table or json, not \"%s\"", argv[i]);
		} else {
			return br_usage_error("list takes --profile NAME|FILE and --format table|json, not \"%s\"",
			                      argv[i]);
		}
	}
	return 0;
}

static cJSON *json_check(const struct br_check *c, bool wanted)
{
	cJSON *j = cJSON_CreateObject();

	if (!j || !cJSON_AddStringToObject(j, "id", c->id) ||
	    !cJSON_AddStringToObject(j, "level", br_level_name(c->level)) ||
	    !cJSON_AddStringToObject(j, "title", c->title) || !cJSON_AddBoolToObject(j, "wanted", wanted) ||
	    !cJSON_AddBoolToObject(j, "own", c->own)) {
		cJSON_Delete(j);
		return NULL;
	}
	return j;
}

static int list_json(const struct br_profile *profile)
{
	br_autojson cJSON *list = cJSON_CreateArray();
	br_autofree char *text = NULL;

	for (size_t i = 0; i < br_n_checks; i++) {
		cJSON *j = json_check(br_checks[i], br_profile_wants(profile, br_checks[i]->id));

		if (!j || !cJSON_AddItemToArray(list, j))
			return br_internal_error("out of memory");
	}
	text = cJSON_Print(list);
	if (!text)
		return br_internal_error("out of memory");
	puts(text);
	return br_finish_output(0);
}

static int list(int argc, char **argv)
{
	br_cleanup(br_profile_free) struct br_profile profile = {0};
	const char *name = "alibaba";
	bool json = false;
	int r, width = 0;

	if (asks_help(argc, argv)) {
		puts("usage: bootready list [--profile NAME|FILE] [--format table|json]\n"
		     "The checks in report order: id, level, one line. With a profile: which it wants.\n"
		     "Those under \"Also checked\" are our own, beyond the reference tool's.");
		return br_finish_output(0);
	}
	r = list_options(argc, argv, &name, &json);
	if (r != 0)
		return r;
	r = br_load_profile(name, &profile);
	if (r != 0)
		return r;
	if (json)
		return list_json(&profile);
	for (size_t i = 0; i < br_n_checks; i++)
		if ((int)strlen(br_checks[i]->id) > width)
			width = (int)strlen(br_checks[i]->id);
	for (size_t i = 0; i < br_n_checks; i++) {
		const struct br_check *c = br_checks[i];

		if (c->own && i && !br_checks[i - 1]->own)
			puts("Also checked");
		printf("%-*s %-8s %s%s\n", width, c->id, br_level_name(c->level), c->title,
		       br_profile_wants(&profile, c->id) ? "" : " (not wanted)");
	}
	return br_finish_output(0);
}

/* Prints text broken at blanks before column 80, each line indented. */
static void filled(const char *text, size_t indent)
{
	size_t at = indent;

	printf("%*s", (int)indent, "");
	while (*text) {
		size_t n = strcspn(text, " ");

		if (at > indent && at + 1 + n > 80) {
			printf("\n%*s", (int)indent, "");
			at = indent;
		}
		at += (size_t)printf("%s%.*s", at > indent ? " " : "", (int)n, text);
		text += n + strspn(text + n, " ");
	}
	putchar('\n');
}

static void paragraph(const char *heading, const char *text)
{
	printf("\n%s\n", heading);
	filled(text, 2);
}

static void explain_one(const struct br_check *c)
{
	printf("%s (%s): %s\n", c->id, br_level_name(c->level), c->title);
	paragraph("Reads", c->reads);
	paragraph("Fails", c->fails);
	paragraph("Why", c->why);
	paragraph("Mend", c->mend);
	puts("\nFindings");
	for (size_t i = 0; i < c->n_codes; i++) {
		printf("  %s (%s)\n", c->codes[i].name, br_basis_name(c->codes[i].basis));
		filled(c->codes[i].meaning, 6);
	}
}

static int explain(int argc, char **argv)
{
	if (asks_help(argc, argv)) {
		puts("usage: bootready explain ID...\n"
		     "What a check reads, when it fails, why it matters, how to mend it, its findings.");
		return br_finish_output(0);
	}
	if (argc < 2)
		return br_usage_error("explain takes check ids; bootready list shows them");
	for (int i = 1; i < argc; i++)
		if (!br_check_by_id(argv[i]))
			return br_usage_error("no check \"%s\"; bootready list shows all", argv[i]);
	for (int i = 1; i < argc; i++) {
		if (i > 1)
			putchar('\n');
		explain_one(br_check_by_id(argv[i]));
	}
	return br_finish_output(0);
}

static int profiles(int argc, char **argv)
{
	if (asks_help(argc, argv)) {
		puts("usage: bootready profiles\nThe built-in profiles: name and target.");
		return br_finish_output(0);
	}
	if (argc > 1)
		return br_usage_error("profiles takes no argument, not \"%s\"", argv[1]);
	for (size_t i = 0; i < br_n_builtin_profiles; i++) {
		br_cleanup(br_profile_free) struct br_profile p = {0};
		br_autofree char *why = NULL;

		if (br_profile_load(br_builtin_profiles[i].name, &p, &why) < 0)
			return br_internal_error("profile %s: %s", br_builtin_profiles[i].name, why ? why : "");
		printf("%-10s %s\n", p.name, p.title);
	}
	return br_finish_output(0);
}

const struct br_command br_command_list = {
	.name = "list",
	.arguments = "[--profile NAME|FILE] [--format table|json]",
	.help = "The checks: id, level, one line.",
	.run = list,
};

const struct br_command br_command_explain = {
	.name = "explain",
	.arguments = "ID...",
	.help = "What a check reads, when it fails, why it matters, how to mend it.",
	.run = explain,
};

const struct br_command br_command_profiles = {
	.name = "profiles",
	.arguments = "",
	.help = "The built-in profiles.",
	.run = profiles,
};
