# SPDX-License-Identifier: MPL-2.0
"""The door on the practice's network: TLS with a certificate for each device, and not one byte for anybody else."""
