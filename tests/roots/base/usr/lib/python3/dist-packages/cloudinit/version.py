# This file is part of cloud-init.
__VERSION__ = "22.4.2"
_PACKAGED_VERSION = "22.4.2-1+deb12u4"
