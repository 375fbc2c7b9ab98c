/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lvm.conf, its filters, and the devices file. */
#include <stdint.h>

#include "image/lvmconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"/dev/vda3", "/dev/nvme0n1p3"};
	br_cleanup(br_lvm_conf_free) struct br_lvm_conf c = {0};
	unsigned line;

	if (br_lvm_conf_parse((const char *)data, size, &c) == 0) {
		(void)br_lvm_filter(&c.filter, names, 2);
		(void)br_lvm_filter(&c.global_filter, names, 2);
	}
	(void)br_lvm_devices((const char *)data, size, "abcdefghijklmnopqrstuvwxyz012345", &line);
	return 0;
}
