# SPDX-License-Identifier: MPL-2.0
"""The access over the practice's network: what this machine is called there, how the door stands, and its page."""
