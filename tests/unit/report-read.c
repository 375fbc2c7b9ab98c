/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stored report: what is one, and what each small change of it is refused for. */
#include <errno.h>

#include "report/read.h"
#include "test.h"
#include "version.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char good[] =
	"{\"schema\": \"bootready-report/1\",\n"
	"\"tool\": {\"name\": \"bootready\", \"version\": \"9.1.0\", \"libraries\": {\"zlib\": \"1\"}},\n"
	"\"time\": \"2026-11-27T05:45:12Z\", \"context\": \"offline\", \"selection\": {\"only\": [], \"skip\": [], \"firmware\": \"auto\",\"initramfs\": null},\n"
	"\"profile\": {\"name\": \"alibaba\", \"sha256\": \"" HASH "\"},\n"
	"\"system\": {\"os\": \"O\", \"os_id\": \"o\", \"os_version\": null, \"kernel\": null, \"arch\": null, \"rtc\": \"utc\",\n"
	"\"boot_mode\": null, \"machine_id\": null},\n"
	"\"boot\": [{\"firmware\": \"bios\", \"entry\": \"E\", \"kernel\": \"/k\", \"release\": \"6\", \"initramfs\": \"/i\",\n"
	"\"cmdline\": \"ro\", \"root\": \"x\", \"root_device\": null, \"root_driver\": null}],\n"
	"\"checks\": [{\"id\": \"Fstab\", \"level\": \"high\", \"status\": \"WARNING\", \"elapsed_us\": 5, \"findings\": [\n"
	"{\"code\": \"fstab-x\", \"severity\": \"warning\", \"basis\": \"boot\", \"message\": \"m\", \"path\": \"/etc/fstab\", \"line\": 3,\n"
	"\"fix\": null}]}],\n"
	"\"summary\": {\"total\": 1, \"ok\": 0, \"warning\": 1, \"failed\": 0, \"unknown\": 0, \"skipped\": 0}, \"verdict\": \"ready\",\n"
	"\"inputs\": [{\"kind\": \"file\", \"name\": \"/k\", \"value\": \"" HASH "\"}, {\"kind\": \"fact\", \"name\": \"f\", \"value\": null}]}\n";

/* The good one with the first of one text made another; what is said of it, NULL: nothing. Owned. */
static char *said(const char *from, const char *to)
{
	const char *at = strstr(good, from);
	char *text = malloc(sizeof(good) + strlen(to)), *why = NULL;
	struct br_stored s;
	int r;

	EXPECT(at != NULL);
	sprintf(text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
	r = br_stored_parse(text, strlen(text), &s, &why);
	if (r == 0)
		br_stored_free(&s);
	else
		EXPECT_INT(r, -EINVAL);
	free(text);
	return why;
}

#define EXPECT_SAID(from, to, words)                                                               \
	do {                                                                                       \
		char *why__ = said(from, to);                                                      \
		EXPECT_STR(why__, words);                                                          \
		free(why__);                                                                       \
	} while (0)

BR_TEST(a_report)
{
	struct br_stored s;
	char *why = NULL;

	EXPECT_INT(br_stored_parse(good, sizeof(good) - 1, &s, &why), 0);
	EXPECT_STR(s.tool_version, "9.1.0");
	EXPECT_INT(s.time, 1795758312);
	EXPECT_STR(s.report.boots[0].kernel, "/k");
	EXPECT_STR(s.report.checks[0].findings[0].code, "fstab-x");
	EXPECT_INT(s.report.checks[0].findings[0].line, 3);
	EXPECT_INT(s.report.n_inputs, 2);
	br_stored_free(&s);
}

BR_TEST(selections)
{
	static const char from[] = "\"auto\",\"initramfs\": null";
	const char *at = strstr(good, from);
	br_autostr struct br_str changed = {0}, by = {0};
	struct br_stored s;
	char *why = NULL;

	br_str_printf(&changed, "%.*s\"bios\", \"initramfs\": \"/mine\"%s", (int)(at - good), good, at + strlen(from));
	EXPECT_INT(br_stored_parse(changed.s, changed.len, &s, &why), 0);
	EXPECT(br_report_is_selected(&s.report));
	br_report_selected_by(&s.report, &by);
	EXPECT_STR(by.s, "--firmware, --initramfs");
	EXPECT_STR(s.report.other_initramfs, "/mine");
	br_stored_free(&s);
	EXPECT_INT(br_stored_parse(good, sizeof(good) - 1, &s, &why), 0);
	EXPECT(!br_report_is_selected(&s.report));
	br_stored_free(&s);
}

BR_TEST(what_may_change)
{
	EXPECT_SAID("\"schema\"", "\"later\": [1], \"schema\"", NULL);
	EXPECT_SAID("\"line\": 3", "\"line\": null", NULL);
	EXPECT_SAID("\"entry\": \"E\"", "\"entry\": null", NULL);
	EXPECT_SAID("\"auto\",\"initramfs\": null", "\"bios\", \"initramfs\": \"mine\"", NULL);
	EXPECT_SAID("\"value\": \"" HASH "\"", "\"value\": \"unreadable\"", NULL);
	/* In a newer one's report "fstab-x" may be a code. */
	EXPECT_SAID("\"fstab-x\"", "\"fstab-tag-missing\"", NULL);
}

BR_TEST(forms)
{
	EXPECT_SAID("bootready-report/1", "bootready-report/2", "line 1: \"schema\" cannot be \"bootready-report/2\"");
	EXPECT_SAID("\"9.1.0\"", "1", "line 2: \"version\" is no text");
	EXPECT_SAID("\"name\": \"bootready\", ", "", "line 2: \"name\" is not there");
	EXPECT_SAID("\"zlib\": \"1\"", "\"zlib\": 1", "line 2: a library without a version");
	EXPECT_SAID("2026-11-27", "2026-11-31", "line 1: \"time\" is no time of RFC 3339 in UTC");
	EXPECT_SAID("offline", "rescue", "line 3: \"context\" cannot be \"rescue\"");
	EXPECT_SAID("\"only\": []", "\"only\": [1]", "line 3: \"only\" has something that is no check");
	EXPECT_SAID("\"auto\"", "\"coreboot\"", "line 3: \"firmware\" cannot be \"coreboot\"");
	EXPECT_SAID("\"initramfs\": null", "\"initramfs\": \"\"", "line 3: \"initramfs\" cannot be \"\"");
	EXPECT_SAID("\"value\": \"" HASH "\"", "\"value\": \"unread\"", "line 13: \"value\" cannot be \"unread\"");
	EXPECT_SAID("\"utc\"", "\"UTC\"", "line 5: \"rtc\" cannot be \"UTC\"");
	EXPECT_SAID("\"/k\", \"rel", "\"k\", \"rel", "line 7: \"kernel\" cannot be \"k\"");
	EXPECT_SAID("\"fstab-x\"", "\"fstab--x\"", "line 10: \"code\" cannot be \"fstab--x\"");
	EXPECT_SAID("\"line\": 3", "\"line\": 0", "line 10: \"line\" is no whole number from 1 to 4294967295");
	EXPECT_SAID("\"line\": 3", "\"line\": 1.5", "line 10: \"line\" is no whole number from 1 to 4294967295");
	EXPECT_SAID("\"elapsed_us\": 5", "\"elapsed_us\": -1", "line 9: \"elapsed_us\" is no whole number from 0 to 1000000000000000");
	EXPECT_SAID("\"path\": \"/etc/fstab\"", "\"path\": null", "line 10: a line without its file");
	EXPECT_SAID("\"message\": \"m\"", "\"message\": \"\"", "line 10: \"message\" cannot be \"\"");
	EXPECT_SAID("\"message\": \"m\"", "\"message\": \"\\u001b[2J\"", "line 10: a control character");
	EXPECT_SAID("\"kind\": \"fact\"", "\"kind\": \"device\"", "line 13: \"kind\" cannot be \"device\"");
	EXPECT_SAID("\"kind\": \"fact\"", "\"kind\": \"link\"", "line 13: \"name\" cannot be \"f\"");
}

/* It has to hold together, not only to its form. */
BR_TEST(contradictions)
{
	EXPECT_SAID("\"WARNING\"", "\"OK\"", "line 9: the status is not what the findings say");
	EXPECT_SAID("\"severity\": \"warning\"", "\"severity\": \"failed\"", "line 9: the status is not what the findings say");
	EXPECT_SAID("\"fstab-x\"", "\"virtio-not-read\"", "line 9: a finding that is none of this check's");
	EXPECT_SAID("\"9.1.0\"", "\"" BR_VERSION "\"", "line 9: a finding that is none of this check's");
	EXPECT_SAID("\"level\": \"high\"", "\"level\": \"warning\"", "line 9: Fstab is not of level warning");
	EXPECT_SAID("\"id\": \"Fstab\"", "\"id\": \"Fstub\"", "line 9: a check that this program does not know: Fstub");
	EXPECT_SAID("\"warning\": 1", "\"warning\": 0", "line 12: \"warning\" is not the sum of the checks");
	EXPECT_SAID("\"verdict\": \"ready\"", "\"verdict\": \"not-ready\"", "line 1: the verdict is not what the checks say");
	EXPECT_SAID("{\"kind\": \"fact\", \"name\": \"f\", \"value\": null}",
	            "{\"kind\": \"file\", \"name\": \"/k\", \"value\": null}", "line 13: /k twice");
}

BR_TEST_MAIN()
