/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/chainview.h"
#include "test.h"

/* Checks that are about the way to the root: what a boot fails by has its place in the chain. */
static const char *const way[] = {"Grub", "Virtio", "Nvme", "TargetDrivers", "RootFilesystem", "RootDevice", "Fstab", "LibDirectory"};

static bool is_of_the_way(const char *id)
{
	for (size_t i = 0; i < BR_ARRAY_SIZE(way); i++)
		if (strcmp(way[i], id) == 0)
			return true;
	return false;
}

BR_TEST(what_a_boot_fails_by_has_its_link)
{
	for (size_t i = 0; i < br_n_checks; i++) {
		const struct br_check *c = br_checks[i];

		for (size_t k = 0; k < c->n_codes; k++) {
			int link = br_link_of(c->id, c->codes[k].name);

			/* A network card is not on the way to the root. */
			if (!is_of_the_way(c->id) || strstr(c->codes[k].name, "-net-"))
				EXPECT_INT(link, -1);
			else if (c->codes[k].basis == BR_BASIS_BOOT && link < 0)
				EXPECT_STR(c->codes[k].name, "a code with a link");
			EXPECT(link < BR_LINKS);
		}
	}
}

BR_TEST(the_longest_beginning_counts)
{
	EXPECT_INT(br_link_of("Grub", "kernel-missing"), BR_LINK_KERNEL);
	EXPECT_INT(br_link_of("Grub", "kernel-modules-missing"), BR_LINK_SYSTEM);
	EXPECT_INT(br_link_of("Grub", "root-fs-driver-missing"), BR_LINK_DRIVER);
	EXPECT_INT(br_link_of("Grub", "root-tag-missing"), BR_LINK_ROOT);
	EXPECT_INT(br_link_of("Grub", "grub-no-default"), BR_LINK_ENTRY);
	EXPECT_INT(br_link_of("Grub", "grub-prefix-missing"), BR_LINK_LOADER);
	EXPECT_INT(br_link_of("Dhcp", "kernel-missing"), -1);
}

static char word[] = "x", bios[] = "bios", uefi[] = "uefi", code[] = "kernel-missing", said[] = "it is gone", kernel_a[] = "/boot/a",
            kernel_b[] = "/boot/b";

static struct br_boot boot_of(char *firmware, char *kernel)
{
	return (struct br_boot){.firmware = firmware, .entry = word, .kernel = kernel, .initramfs = word, .root = word};
}

/* A report of one Grub finding, and two boots. */
static void broken(char *path, enum br_link_state *ret_bios, enum br_link_state *ret_uefi, size_t *ret_n)
{
	struct br_boot boots[] = {boot_of(bios, kernel_a), boot_of(uefi, kernel_b)};
	struct br_finding f = {.code = code, .severity = BR_SEV_FAILED, .message = said, .path = path};
	struct br_result res = {.check = br_check_by_id("Grub"), .status = BR_FAILED, .findings = &f, .n_findings = 1};
	const struct br_report rep = {.boots = boots, .n_boots = 2, .checks = &res, .n_checks = 1, .profile = word};
	struct br_chainview a, b;

	*ret_n = br_chains(&rep);
	EXPECT_INT(br_chain_links(&rep, 0, &a), 0);
	EXPECT_INT(br_chain_links(&rep, 1, &b), 0);
	*ret_bios = a.link[BR_LINK_KERNEL].state;
	*ret_uefi = b.link[BR_LINK_KERNEL].state;
	EXPECT_INT(a.link[BR_LINK_INITRAMFS].behind, a.link[BR_LINK_KERNEL].state == BR_LINK_BROKEN);
	EXPECT(!a.link[BR_LINK_KERNEL].behind);
	EXPECT_INT(a.link[BR_LINK_SYSTEM].state, BR_LINK_OPEN); /* the report does not name the system */
	br_chain_free(&a);
	br_chain_free(&b);
}

BR_TEST(a_file_of_one_chain_breaks_that_one)
{
	enum br_link_state a, b;
	size_t n;

	broken(kernel_a, &a, &b, &n);
	EXPECT_INT(n, 2);
	EXPECT_INT(a, BR_LINK_BROKEN);
	EXPECT_INT(b, BR_LINK_HOLDS);
	broken(NULL, &a, &b, &n);
	EXPECT_INT(a, BR_LINK_BROKEN);
	EXPECT_INT(b, BR_LINK_BROKEN);
}

BR_TEST(without_a_boot_there_is_a_chain_of_questions)
{
	const struct br_report rep = {.profile = NULL};
	struct br_chainview v;

	EXPECT_INT(br_chains(&rep), 1);
	EXPECT_STR(br_chain_name(&rep, 0), "Unknown firmware");
	EXPECT_INT(br_chain_links(&rep, 0, &v), 0);
	for (size_t i = 0; i < BR_LINKS; i++)
		EXPECT_INT(v.link[i].state, BR_LINK_OPEN);
	br_chain_free(&v);
}

BR_TEST_MAIN()
