"""How gunicorn serves the site: read by every service and by `./sapo run`.

What differs between services (address, number of workers) is said on the command line.
"""

import gc
import logging

from gunicorn.http.wsgi import Response

workers = 2
# Threads, so that a browser's idle connection does not occupy a whole worker.
worker_class = "gthread"
threads = 4
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
