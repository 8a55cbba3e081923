"""How granian is run, for pages and for positions alike: threads, and nothing patched."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def serve(application: str, address: str, port: int, threads: int, backlog: int) -> None:
    """Until SIGTERM or SIGINT. `application` names the factory (`module:function`) that the worker calls. One worker
    process a server: several servers share the work, not one."""
    Granian(
        application,
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backlog=backlog,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()
