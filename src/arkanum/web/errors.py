# SPDX-License-Identifier: MPL-2.0
"""What a page can be asked that no room below it knows about."""


class PageOfAnother(Exception):
    """A page of one person asked with the session of another; nothing of it may be written in the other's name."""
