"""How gunicorn serves the site: read by every service and by `./sapo run`.

What differs between services (address, number of workers and threads) is said on the command
line.
"""

import ctypes
import gc
import logging
import mmap
import os
import signal
import threading
import time
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

    Else each worker copies it, bit by bit, and goes through all of it once more when it ends. What loading
    the site has used and freed goes back to the system first.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    # A page that is drawn makes thousands of things that end with it: a twentieth of its cost went to looking for circles
    # among them.
    gc.set_threshold(10_000)
    # The worker writes it, the master reads it.
    worker.wants_to_leave = mmap.mmap(-1, 1)


timeout = 30
graceful_timeout = 10

# What a worker has read of a form lies about in its memory until that is used anew. So many seconds
# after it began to read one, another takes its place; 0: none does.
replaced_after = int(os.environ.get("SAPO_REPLACED_AFTER", "0"))
# Those that have been replaced may take as long as the slowest form does (tips/form/limits.py), but
# so many at once: each has memory and threads of its own.
_LEAVING_SECONDS = 60 * 60
_MOST_LEAVING = 2


def pre_request(worker, req):
    if replaced_after and req.method == "POST" and not hasattr(worker, "leaves"):
        worker.leaves = threading.Timer(replaced_after, _ask_to_leave, [worker])
        worker.leaves.daemon = True
        worker.leaves.start()


def post_request(worker, req, environ, resp):
    """Frees at once what Python keeps until it looks for circles: a form and its fields are one."""
    if replaced_after and req.method == "POST":
        gc.collect()  # all generations: it may have grown old while it arrived


def _ask_to_leave(worker):
    """Asks the master for a successor, until it says that this worker may end.

    It then takes nothing more and ends when all that it has begun is answered.
    """
    worker.cfg.set("graceful_timeout", _LEAVING_SECONDS)
    worker.wants_to_leave[0] = 1
    while worker.alive:
        os.kill(worker.ppid, signal.SIGTTIN)
        time.sleep(5)


def nworkers_changed(server, new, old):
    """Lets workers leave, and does not count those: else none came in their place."""
    leaving = [each for each in server.WORKERS.values() if each.wants_to_leave[0]][:_MOST_LEAVING]
    wanted = server.cfg.workers + len(leaving)
    if new != wanted:
        server.num_workers = wanted
        return
    for worker in leaving:
        server.kill_worker(worker.pid, signal.SIGTERM)


def child_exit(server, worker):
    server.num_workers = server.cfg.workers  # counted anew
    worker.wants_to_leave.close()


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

# The headers of stored answers that gunicorn has checked, and what it has made of them.
_checked = {}
_MOST_CHECKED = 2_000
_check = Response.process_headers


def _check_once(self, headers):
    """Checks the headers of an answer with a tag once: the page store sends the same again and again."""
    key = tuple(headers)
    if known := _checked.get(key):
        self.headers, self.response_length = known
        return
    _check(self, headers)
    names = {name for name, _value in headers}
    if "ETag" in names and "Set-Cookie" not in names:
        if len(_checked) >= _MOST_CHECKED:
            _checked.clear()
        _checked[key] = self.headers, self.response_length


Response.process_headers = _check_once
