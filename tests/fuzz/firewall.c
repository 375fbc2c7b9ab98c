/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules of every kind: whatever they say, there is one answer, and a line only where there is a file. */
#include <stdint.h>
#include <stdlib.h>

#include "image/firewall-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct br_fw *fw)
{
	struct br_passing p = {0};

	if (br_fw_judge(fw, &p) == 0 && (p.ssh == BR_PASSAGE_NO_RULES || p.ssh == BR_PASSAGE_UNKNOWN || (p.line && !p.path)))
		abort();
	free(p.path);
	free(p.why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	br_cleanup(br_fw_free) struct br_fw nft = {0}, tables = {0};
	unsigned line = 0;

	if (br_nft_parse(NULL, "/n", text, size, &nft) == 0)
		judge(&nft);
	if (br_iptables_parse("/i", text, size, &tables) == 0)
		judge(&tables);
	if (br_zone_parse(NULL, text, size, &line) == BR_PASSAGE_UNKNOWN)
		abort();
	return 0;
}
