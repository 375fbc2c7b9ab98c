# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the harness reads out of console logs, with the words of real boots."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from bootready_vm import console  # noqa: E402

BIOS = "\x1bc\x1b[2JSeaBIOS (version 1.16.2)\nBooting from Hard Disk...\nGRUB loading.\nWelcome to GRUB!\n\n"
KERNEL = "[    0.000000] Linux version 6.1.0-56-amd64 (debian-kernel)\n"
INITRAMFS = "[    8.1] Run /init as init process\n[   10.7] systemd[1]: Running in initrd.\n"
ROOT = "[   25.0] EXT4-fs (vda3): mounted filesystem with ordered data mode. Quota mode: none.\n"


def facts(text):
    return console.Facts(console.clean(text.encode()))


class Stages(unittest.TestCase):
    def test_every_stage_in_its_turn(self):
        text = ""
        for stage, words in (("bootloader", BIOS), ("kernel", KERNEL), ("initramfs", INITRAMFS), ("root", ROOT),
                             ("userspace", "\nguest login: ")):
            text += words
            self.assertEqual(facts(text).stage, stage)
            self.assertIsNone(facts(text).stop)

    def test_nothing_is_no_stage(self):
        self.assertIsNone(facts("").stage)

    def test_firmware_without_a_boot_loader(self):
        found = facts("SeaBIOS (version 1.16.2)\nBoot failed: not a bootable disk\n\nNo bootable device.\n")
        self.assertEqual(found.stage, "firmware")
        self.assertEqual(found.stop[0], "No bootable device.")
        self.assertIn("Boot failed: not a bootable disk", found.reasons)

    def test_colour_and_cursor_are_no_obstacle(self):
        self.assertTrue(facts(BIOS).evidence["firmware"].startswith("SeaBIOS"))
        self.assertEqual(facts("BdsDxe: loading Boot0001\r\n\x1b[0m\x1b[30m\x1b[47mWelcome to GRUB!\r\n").stage, "bootloader")


class Stops(unittest.TestCase):
    def test_grub_rescue(self):
        found = facts(BIOS + "error: no such device: 5e1f0e52.\nEntering rescue mode...\ngrub rescue> ")
        self.assertEqual((found.stage, found.stop[0]), ("bootloader", "grub rescue>"))
        self.assertEqual(found.reasons, ["error: no such device: 5e1f0e52."])

    def test_grub_error_that_did_not_hold_the_boot(self):
        self.assertIsNone(facts(BIOS + "error: no such device.\n\nPress any key to continue...\n" + KERNEL).stop)

    def test_panic(self):
        found = facts(BIOS + KERNEL + "[    3.2] VFS: Unable to mount root fs on unknown-block(0,0)\n"
                      "[    3.3] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n")
        self.assertEqual(found.stage, "kernel")
        self.assertIn("Kernel panic", found.stop[0])

    def test_a_root_that_could_not_be_switched_to(self):
        switch = INITRAMFS + "[  OK  ] Reached target initrd-switch-root.target - Switch Root.\n"
        self.assertEqual(facts(switch).stage, "root")
        found = facts(switch + "[FAILED] Failed to start initrd-switch-root.service - Switch Root.\nEntering emergency mode. \n")
        self.assertEqual((found.stage, found.stop[0]), ("initramfs", "Entering emergency mode."))

    def test_a_wait_without_end(self):
        for words in ("[   ***] A start job is running for /dev/disk/by-uuid/1 (7min 34s / no limit)",
                      "[*     ] Job dev-disk-by\\x2duuid-1.device/start running (2min 22s / no limit)"):
            self.assertIn("no limit", facts(INITRAMFS + words + "\n").stop[0])

    def test_dracut_emergency(self):
        found = facts(BIOS + KERNEL + INITRAMFS + "[  62.] dracut-initqueue[300]: Warning: dracut-initqueue: timeout\n"
                      "[ TIME ] Timed out waiting for device dev-vda3.device.\nEntering emergency mode. Exit the shell\n")
        self.assertEqual(found.stage, "initramfs")
        self.assertTrue(found.stop)
        self.assertEqual(len(found.reasons), 1)

    def test_waiting_without_end(self):
        found = facts(BIOS + KERNEL + INITRAMFS + "[  *** ] A start job is running for /dev/disk/by-uuid/1 (1min 2s / no limit)\r")
        self.assertEqual(found.stage, "initramfs")
        self.assertIn("no limit", found.stop[0])

    def test_shell_of_initramfs_tools(self):
        found = facts(BIOS + KERNEL + "Begin: Running /scripts/local-premount ... done.\n"
                      "ALERT!  UUID=1 does not exist.  Dropping to a shell!\n\n(initramfs) ")
        self.assertEqual(found.stage, "initramfs")
        self.assertTrue(found.stop)


class Table(unittest.TestCase):
    RULE = "-" * 60

    def test_table_is_cut_out_of_the_console(self):
        text = "[   20.1] noise\r\n%s\r\nOS: Debian\r\n%s\r\nVirtio [OK]\r\n[   20.3] usb 1-1: noise\r\nbootready: READY (profile x)\r\n" % (
            self.RULE, self.RULE)
        self.assertEqual(console.table(console.clean(text.encode())),
                         "%s\nOS: Debian\n%s\nVirtio [OK]\nbootready: READY (profile x)" % (self.RULE, self.RULE))

    def test_what_was_said_of_a_root_that_was_late_is_no_table(self):
        late = "-" * 60 + "\nThe root is not there after 30 s\n" + "-" * 60 + "\nbootready: NO ROOT\n"
        table = "-" * 60 + "\nOS: x\nbootready: READY (profile x)"
        self.assertEqual(console.table(late + table + "\n"), table)
        self.assertIsNone(console.table(late))

    def test_no_table(self):
        self.assertIsNone(console.table("bootready: READY (profile x)\n"))


class Frozen(unittest.TestCase):
    def test_pid_1_goes_no_further(self):
        self.assertIsNotNone(console.Facts("[   34.650502] systemd[1]: Freezing execution.\n").stop)


class Menu(unittest.TestCase):
    MENU = "GNU GRUB  version 2.06\n Use the ^ and v keys to select which entry is highlighted.\n"

    def test_a_menu_that_waits(self):
        self.assertIn("keys to select", console.Facts(self.MENU).stop[0])
        self.assertEqual(console.Facts("Enter username:\n").stop[0], "Enter username:")

    def test_a_menu_that_went_on(self):
        self.assertIsNone(console.Facts(self.MENU + "  Booting `Debian GNU/Linux'\n\nLoading Linux 6.1.0-56-amd64 ...\n").stop)


if __name__ == "__main__":
    unittest.main()
