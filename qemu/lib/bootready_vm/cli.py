# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line of qemu/bootready-vm."""

import argparse
import os
import signal
import sys
import traceback

from . import boot, check, disk, machine, matrix, show
from .errors import HarnessError, UsageError

_EPILOG = "exit status: 0 userspace reached, 1 stopped at a named stage, 2 no evidence, 64 wrong usage, 70 internal error"
_CHECK_EPILOG = ("exit status: bootready's; of several roots the gravest; 2 where no root was found; "
                 "64 wrong usage, 70 internal error")

_DECIDE_EPILOG = ("exit status: 0 accept, 1 reject, 2 undetermined, of several roots the gravest; 2 where no root was found; "
                  "64 wrong usage, 70 internal error")
_MATRIX_EPILOG = "exit status: 0 all agree, 1 a boot and its verdict disagree, 2 one of the two is not known, 64 wrong usage, 70 internal error"


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError("%s (%s --help shows what is right)" % (message, self.prog))


def _number(low, high):
    def convert(text):
        if not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError("%s: give a number from %d to %d" % (text, low, high))
        return int(text)
    return convert


def _parser():
    parser = _Parser(prog="bootready-vm", description="Boots a disk image in QEMU and tells how far it came, or asks bootready about it.",
                     epilog=_EPILOG)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    sub = commands.add_parser("boot", help="boot IMAGE by its own boot loader", epilog=_EPILOG)
    sub.add_argument("image", metavar="IMAGE", help="raw, qcow2, vmdk or vhdx; it is not changed")
    sub.add_argument("--disk", choices=machine.DISKS, default="virtio-blk", help="the disk's controller (virtio-blk)")
    sub.add_argument("--firmware", choices=machine.FIRMWARES, default="bios", help="(bios)")
    sub.add_argument("--grow", metavar="SIZE", help="make the disk SIZE, or +SIZE larger, before the boot")
    _common(sub, memory=1024)
    sub.add_argument("--smp", metavar="N", type=_number(1, 64), default=2, help="processors (2)")
    sub.add_argument("--keep-overlay", metavar="FILE", help="keep what the boot wrote as a qcow2 overlay of IMAGE")
    sub = commands.add_parser("check", help="ask bootready about the roots on IMAGE, in the rescue image",
                              epilog=_CHECK_EPILOG)
    sub.add_argument("images", metavar="IMAGE", nargs="+", help="raw, qcow2, vmdk or vhdx; several: the disks of one machine")
    sub.add_argument("--profile", metavar="P", help="a name, or a FILE with a / in its name (alibaba)")
    sub.add_argument("--firmware", choices=("auto",) + machine.FIRMWARES, help="(auto)")
    sub.add_argument("--save-report", dest="save", action="store_true",
                     help="write the report into IMAGE, to /etc/bootready on each root; else no image is changed")
    _common(sub, memory=512)
    sub = commands.add_parser("decide", help="does the report on IMAGE allow it in? As bootready decide, with every check run again",
                              epilog=_DECIDE_EPILOG)
    sub.add_argument("images", metavar="IMAGE", nargs="+", help="raw, qcow2, vmdk or vhdx; several: the disks of one machine")
    sub.add_argument("--policy", metavar="FILE", help="what is asked of the report; its keys are files of this machine")
    sub.add_argument("--report", metavar="FILE", help="the report, its signature in FILE.sig (the one that is on the root)")
    _common(sub, memory=512)
    sub = commands.add_parser("matrix", help="every disk and firmware: what bootready says of IMAGE beside what its boot does",
                              epilog=_MATRIX_EPILOG)
    sub.add_argument("image", metavar="IMAGE", help="raw, qcow2, vmdk or vhdx; it is not changed")
    _common(sub, memory=1024)
    sub.add_argument("--smp", metavar="N", type=_number(1, 64), default=2, help="processors (2)")
    return parser


def _common(sub, memory):
    sub.add_argument("--backing", action="store_true",
                     help="read the files that IMAGE itself names (its base, its extents) as well; for an image that you trust")
    sub.add_argument("--format", choices=("table", "json"), default="table", help="(table)")
    sub.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto",
                     help="auto: KVM only if a guest really came up under it (auto)")
    sub.add_argument("--timeout", metavar="S", type=_number(1, 86400), default=300, help="seconds (300)")
    sub.add_argument("--log", metavar="DIR", help="where the console log is kept (boot: in the cache)")
    sub.add_argument("--memory", metavar="M", type=_number(64, 1 << 20), default=memory, help="MiB (%d)" % memory)


def _given(options, *names):
    """Those of these options that were given, taken out, as arguments of bootready."""
    values = [("--" + name, options.pop(name)) for name in names]
    return [word for option, value in values if value is not None for word in (option, value)]


def _check(options):
    return _asked(_given(options, "profile", "firmware"), options)


def _decide(options):
    return _asked(["decide", *_given(options, "policy", "report")], options)


def _asked(arguments, options):
    text, status = check.check(options.pop("images"), arguments, options.pop("format"), _note, **options)
    if text:
        print(text)
    return status


def _boot(options):
    form = options.pop("format")
    options["log"] = os.path.abspath(
        options["log"] or _default_log(options["image"], options["disk"], options["firmware"]))
    request = boot.Request(**options)
    outcome = boot.boot(request, show.progress(), _note)
    print(show.as_json(request, outcome) if form == "json" else show.as_table(request, outcome))
    return outcome.exit_status()


def _matrix(options):
    image, form = options.pop("image"), options.pop("format")
    disk.image_info(image)
    options["log"] = os.path.abspath(options["log"] or _default_log(image, "every", "machine"))
    lines = []
    if form == "table":
        print(matrix.HEAD, flush=True)
    for line in matrix.run(image, options, show.progress):
        lines.append(line)
        if form == "table":
            print(matrix.as_table(line), flush=True)
    if form == "json":
        print(matrix.as_json(image, lines))
    return matrix.exit_status(lines)


def _default_log(image, disk, firmware):
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(root, "bootready", "logs", "%s-%s-%s" % (os.path.basename(image), disk, firmware))


def _note(line):
    print("bootready-vm: " + line, file=sys.stderr, flush=True)


def main(arguments):
    # QEMU must not outlive us: these unwind the stack as an interrupt does. A hangup may be nobody's concern (nohup).
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        options = vars(_parser().parse_args(arguments))
        if not options.pop("backing"):
            for image in options["images"] if "images" in options else [options["image"]]:
                disk.refuse_other_files(image)
        return {"boot": _boot, "check": _check, "decide": _decide, "matrix": _matrix}[options.pop("command")](options)
    except UsageError as error:
        _note(str(error))
        return 64
    except (HarnessError, OSError) as error:
        _note(str(error))
        return 70
    except KeyboardInterrupt:
        return 130
    except Exception:  # pylint: disable=broad-except
        # Python's own status for it is 1, which says something about an image.
        traceback.print_exc()
        return 70
