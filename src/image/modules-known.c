/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/modules.h"

/* From the device tables of the kernel's own drivers; an id that is given stands for all they know. */
const struct br_known_driver br_known_drivers[] = {
	{"virtio_blk", "virtio:d00000002v00001AF4"},
	{"virtio_scsi", "virtio:d00000008v00001AF4"},
	{"virtio_pci", "pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00"},
	{"virtio_ccw", "ccw:t3832m02dt0000dm00"},
	{"virtio_net", "virtio:d00000001v00001AF4"},
	{"nvme", "pci:v00001B36d00000010sv00001AF4sd00001100bc01sc08i02"},
	{"xen_blkfront", "xen:vbd"},
	{"xen_netfront", "xen:vif"},
	{"hv_vmbus", "acpi:VMBUS:"},
	{"hv_storvsc", "vmbus:d96361baa104294db60572e2ffb1dc7f"},
	{"hv_netvsc", "vmbus:635161f83edfc546913ff2d2f965ed0e"},
	{"ena", "pci:v00001D0Fd0000EC20sv00000000sd00000000bc02sc00i00"},
	{"gve", "pci:v00001AE0d00000042sv00001AE0sd00000058bc02sc00i00"},
	{"mana", "pci:v00001414d000000BAsv00001414sd00000000bc02sc00i00"},
	{"pci_hyperv", "vmbus:1df6c444444400449d52802e27ede19f"},
	{"mlx4_core", "pci:v000015B3d00001004sv000015B3sd00000000bc02sc00i00"},
	{"mlx5_core", "pci:v000015B3d0000101Asv000015B3sd00000000bc02sc00i00"},
};
const size_t br_n_known_drivers = BR_ARRAY_SIZE(br_known_drivers);

const char *br_known_alias(const char *driver)
{
	for (size_t i = 0; i < br_n_known_drivers; i++)
		if (br_module_same(br_known_drivers[i].name, driver))
			return br_known_drivers[i].alias;
	return NULL;
}
