# SPDX-License-Identifier: MPL-2.0
"""No line of the console tells what an exception said."""

import io
import logging
import logging.config

from django.conf import settings

from arkanum.storage.quiet import Console

SECRET = "kanarienvogel spricht im schacht"


def test_a_logged_exception_leaves_its_text_out_of_every_line(capfd):
    logging.config.dictConfig(settings.LOGGING)
    logger = logging.getLogger("arkanum.test.quiet")

    logger.error("failed", exc_info=ValueError(SECRET), stack_info=True)
    said = "".join(capfd.readouterr())

    assert "arkanum.test.quiet" in said
    assert SECRET not in said
    assert "Traceback" not in said


def test_a_console_that_cannot_be_written_prints_nothing_elsewhere(capfd):
    closed = io.StringIO()
    handler = Console(closed)
    closed.close()
    record = logging.LogRecord("arkanum", logging.ERROR, __file__, 1, SECRET, None, None)

    handler.emit(record)

    assert SECRET not in "".join(capfd.readouterr())
