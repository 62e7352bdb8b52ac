"""How gunicorn serves the site: read by every service and by `./sapo run`.

What differs between services (address, number of workers and threads) is said on the command
line.
"""

import gc
import logging
import traceback

from gunicorn.http.wsgi import Response

workers = 2
# Threads, so that a browser's idle connection does not occupy a whole worker.
worker_class = "gthread"
threads = 8
# The application is loaded once and shared by the workers, which saves a fifth of the memory.
preload_app = True


def pre_fork(server, worker):
    """Keeps the garbage collector away from what is shared.

    Else each worker copies it, bit by bit, and goes through all of it once more when it ends.
    """
    gc.freeze()


timeout = 30
graceful_timeout = 10

# What goes wrong is logged, never who read what.
accesslog = None
errorlog = "-"
loglevel = "warning"


class NothingThatWasSent(logging.Filter):
    """Keeps out of the log what came from outside: addresses, request lines, quoted content."""

    def filter(self, record):
        text = record.getMessage()
        if text.startswith("Invalid request"):
            return False  # names who sent it and quotes what could not be read
        if record.exc_info and text.startswith(("Error handling request", "Socket error")):
            kind, _error, trace = record.exc_info
            where = traceback.extract_tb(trace)[-1]
            record.msg, record.args = "%s in %s, line %d", (kind.__name__, *where[:2])
            record.exc_info = None
        return True


logging.getLogger("gunicorn.error").addFilter(NothingThatWasSent())
# Django answers HEAD with the whole page and leaves it to the server to drop the body:
# gunicorn does, but would warn of each.
logging.getLogger("gunicorn.http.wsgi").setLevel(logging.ERROR)

# Nothing but signals steers it.
control_socket_disable = True

# The Server header tells an attacker what to look for and a visitor nothing.
_default_headers = Response.default_headers


def _without_server(self):
    return [line for line in _default_headers(self) if not line.startswith("Server:")]


Response.default_headers = _without_server
