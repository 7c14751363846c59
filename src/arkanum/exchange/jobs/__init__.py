# SPDX-License-Identifier: MPL-2.0
"""Moving in as a job: a sealed file, a plan to look at, a run that can stop and go on.

The file lies sealed beside the database from the first byte on, and so do plan and progress. Whatever happens in
between, running again writes nothing twice: new patients have the ids of the plan, entries their fingerprints.
"""

from arkanum.exchange.jobs.background import Workshop, is_interrupted
from arkanum.exchange.jobs.bodies import JobState, Progress
from arkanum.exchange.jobs.errors import JobError, NotOurKind, NotReady, TooLarge
from arkanum.exchange.jobs.preparing import prepare
from arkanum.exchange.jobs.running import run
from arkanum.exchange.jobs.store import JobView, accept, decide, jobs, view

__all__ = [
    "JobError",
    "JobState",
    "JobView",
    "NotOurKind",
    "NotReady",
    "Progress",
    "TooLarge",
    "Workshop",
    "accept",
    "decide",
    "is_interrupted",
    "jobs",
    "prepare",
    "run",
    "view",
]
