/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/report.h"

static void count(struct br_sums *s, enum br_status status)
{
	unsigned *const by[BR_STATUSES] = {
		[BR_UNKNOWN] = &s->unknown, [BR_OK] = &s->ok,           [BR_WARNING] = &s->warning,
		[BR_FAILED] = &s->failed,   [BR_SKIPPED] = &s->skipped,
	};

	s->total++;
	++*by[status];
}

void br_report_sums(const struct br_report *rep, struct br_sums *ret)
{
	*ret = (struct br_sums){0};
	for (size_t i = 0; i < rep->n_checks; i++)
		count(ret, rep->checks[i].status);
}

void br_report_sums_of(const struct br_report *rep, bool own, struct br_sums *ret)
{
	*ret = (struct br_sums){0};
	for (size_t i = 0; i < rep->n_checks; i++)
		if (rep->checks[i].check->own == own)
			count(ret, rep->checks[i].status);
}

bool br_result_counts(const struct br_result *res)
{
	return res->status == BR_FAILED || (res->status == BR_UNKNOWN && res->check->level == BR_LEVEL_HIGH);
}

bool br_report_nothing_ran(const struct br_report *rep)
{
	for (size_t i = 0; i < rep->n_checks; i++)
		if (rep->checks[i].status != BR_SKIPPED)
			return false;
	return true;
}

/* Failed beats unknown; an UNKNOWN of a check of lesser level does not leave the verdict open. */
enum br_verdict br_report_verdict(const struct br_report *rep)
{
	bool unknown = false;

	for (size_t i = 0; i < rep->n_checks; i++) {
		const struct br_result *c = &rep->checks[i];

		if (c->status == BR_FAILED)
			return BR_NOT_READY;
		unknown |= br_result_counts(c);
	}
	return unknown || br_report_nothing_ran(rep) ? BR_UNDETERMINED : BR_READY;
}

const char *br_verdict_name(enum br_verdict v)
{
	static const char *const names[] = {
		[BR_UNDETERMINED] = "undetermined",
		[BR_READY] = "ready",
		[BR_NOT_READY] = "not-ready",
	};

	return names[v];
}

const char *br_verdict_word(enum br_verdict v)
{
	static const char *const words[] = {
		[BR_UNDETERMINED] = "UNDETERMINED",
		[BR_READY] = "READY",
		[BR_NOT_READY] = "NOT READY",
	};

	return words[v];
}

bool br_report_is_selected(const struct br_report *rep)
{
	return rep->only.n || rep->skip.n || rep->only_firmware || rep->other_initramfs;
}

void br_report_selected_by(const struct br_report *rep, struct br_str *out)
{
	const struct {
		const char *option;
		bool given;
	} options[] = {{"--only", rep->only.n > 0}, {"--skip", rep->skip.n > 0}, {"--firmware", rep->only_firmware != NULL},
	               {"--initramfs", rep->other_initramfs != NULL}};

	for (size_t i = 0; i < BR_ARRAY_SIZE(options); i++)
		if (options[i].given)
			br_str_printf(out, "%s%s", out->len ? ", " : "", options[i].option);
}

static void boot_free(struct br_boot *b)
{
	free(b->firmware);
	free(b->entry);
	free(b->kernel);
	free(b->initramfs);
	free(b->cmdline);
	free(b->root);
	free(b->root_device);
	free(b->root_driver);
	free(b->release);
}

void br_report_free(struct br_report *rep)
{
	char *texts[] = {rep->time,       rep->context, rep->profile,   rep->profile_sha256, rep->os,
	                 rep->os_id,      rep->arch,    rep->kernel,    rep->os_version,     rep->rtc,
	                 rep->boot_mode, rep->machine_id, rep->only_firmware, rep->other_initramfs};

	for (size_t i = 0; i < BR_ARRAY_SIZE(texts); i++)
		free(texts[i]);
	for (size_t i = 0; i < rep->n_boots; i++)
		boot_free(&rep->boots[i]);
	for (size_t i = 0; i < rep->n_checks; i++)
		br_result_free(&rep->checks[i]);
	for (size_t i = 0; i < rep->n_inputs; i++) {
		free(rep->inputs[i].kind);
		free(rep->inputs[i].name);
		free(rep->inputs[i].value);
	}
	free(rep->boots);
	free(rep->checks);
	free(rep->inputs);
	br_strv_free(&rep->only);
	br_strv_free(&rep->skip);
	*rep = (struct br_report){0};
}
