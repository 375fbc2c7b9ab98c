/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read by lines of cloud-init and SELinux: words have a line within the text, and nothing runs past it. */
#include <stdint.h>
#include <stdlib.h>

#include "image/cloudinit.h"
#include "image/selinux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	br_cleanup(br_cloudinit_free) struct br_cloudinit ci = {0};
	br_cleanup(br_selinux_free) struct br_selinux s = {0};
	br_autofree char *words = NULL, *text = strndup((const char *)data, size), *version = NULL;
	unsigned line = 0;

	if (!text || br_identify_list((const char *)data, size, &words, &line) < 0 ||
	    br_identify_cfg((const char *)data, size, &ci) < 0 || br_identify_builtin(text, &ci.builtin) < 0 ||
	    br_selinux_parse((const char *)data, size, &s) < 0 ||
	    br_selinux_parse_kernel((const char *)data, size, &s.kernel) < 0)
		return 0;
	version = br_cloudinit_version(text);
	if ((words && !line) || line > size || (ci.policy.text && !ci.policy.line) || (s.mode && !s.mode_line) ||
	    (version && (version[0] < '0' || version[0] > '9')))
		abort();
	return 0;
}
