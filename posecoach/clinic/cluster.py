"""A Dask cluster as a crew: whichever way it was set up, on this machine or on many."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import queue
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecoach.clinic.about import difference, versions
from posecoach.clinic.crew import Done
from posecoach.clinic.tables import missing
from posecoach.clinic.task import Outcome, Task, failed
from posecoach.closing import Closing
from posecoach.errors import MachineError, PoseCoachError

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
"""In place of an address: a cluster on this machine, for this run."""

ANSWER_S = 20.0
"""How long a scheduler may take to answer: a machine of a busy cluster takes seconds."""

AHEAD = 3
"""Tasks that wait for each thread of a worker, so that none is ever without one."""
LEAST_AHEAD = 32
"""Tasks that are handed over where no worker is there yet: some come later, all at once."""

WAIT_S = 1.0
"""So often is looked whether more workers have come, or the person wants to stop."""

ENDED = (
    "Each worker process that coached it was ended; the recording is damaged, or needs more memory "
    "than a worker has."
)


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a cluster.

    Attributes:
        address: of its scheduler, or the file in which it stands, or "local".
        ca, cert, key: PEM files for TLS: the authority's certificate, one's own, and its key.
        insecure: whether to talk to another machine without them.
    """

    address: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    insecure: bool = False


class Cluster(Closing):
    """The workers of a cluster; a context manager.

    Args:
        access: how to reach it.
        bundle: the pose model, which every worker gets from the scheduler.
        jobs: processes, of a local one.

    Raises:
        MachineError: the extra is missing, the cluster does not answer, is not safe, or another
            version is installed there.
    """

    def __init__(self, access: Access, bundle: Path, jobs: int = 1) -> None:
        distributed = _distributed()
        self._own: Any = None
        self._client: Client | None = None
        try:
            if access.address == LOCAL:
                self._own = _local(distributed, jobs)
                self._client = distributed.Client(self._own)
            else:
                self._client = _connected(distributed, access)
            self._compare(access.address)
            self._provide(bundle)
        except BaseException:
            self.close()
            raise

    @property
    def client(self) -> Client:
        """What Dask is asked with."""
        if self._client is None:
            raise ValueError("the cluster is closed")
        return self._client

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """As ``Crew``."""
        from posecoach.clinic.provision import coach_here

        waiting = iter(tasks)
        running: dict[Future[Outcome], Task] = {}
        over: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        while True:
            for task in islice(waiting, max(0, self._room() - len(running))):
                future = self.client.submit(coach_here, task, self._model, pure=False)
                running[future] = task
                future.add_done_callback(over.put)  # type: ignore[no-untyped-call]
            if not running:
                return
            try:
                future = over.get(timeout=WAIT_S)
            except queue.Empty:
                self._check_alive()
                continue
            task = running.pop(future)
            yield task, _outcome(task, future)
            future.release()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Let go of the cluster; a local one ends."""
        for each in (self._client, self._own):
            if each is not None:
                with suppress(Exception):  # it may be gone already
                    each.close()
        self._client = self._own = None

    def _room(self) -> int:
        """Tasks that may be handed over now."""
        threads: dict[str, int] = self.client.nthreads()  # type: ignore[no-untyped-call]
        return max(LEAST_AHEAD, AHEAD * sum(threads.values()))

    def _check_alive(self) -> None:
        if self.client.status not in ("running", "connecting", "newly-created"):
            raise MachineError(_LOST)

    def _compare(self, address: str) -> None:
        """Refuse a cluster that would coach otherwise; who comes later tells it with a task."""
        asked = self.client.run(versions, on_error="return")
        for where, there in asked.items():
            if isinstance(there, Exception):
                raise MachineError(
                    f"The worker {where} cannot load PoseCoach ({_first_line(there)}); install "
                    "the same version everywhere: pip install 'posecoach[clinic]'."
                )
            told = difference(versions(), there, f"The worker {where}")
            if told:
                raise MachineError(told)

    def _provide(self, bundle: Path) -> None:
        """Give the scheduler a copy of the model, from which each worker makes its own."""
        from posecoach.clinic.provision import Provision

        data = bundle.read_bytes()
        self._model = hashlib.sha256(data).hexdigest()
        plugin = Provision(data, self._model)
        try:
            self.client.register_plugin(plugin, name=plugin.name)
        except Exception as error:
            raise MachineError(
                f"A worker cannot take the pose model ({_first_line(error)})."
            ) from error


_LOST = (
    "The cluster's scheduler is gone; what was done is kept: start the same command again for the "
    "rest."
)


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise missing("--cluster", "distributed") from None
    # Its words are for whoever runs a cluster; here they go where all libraries' words go.
    for name in ("distributed", "tornado", "bokeh"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    return distributed


def _local(distributed: Any, jobs: int) -> Any:
    """Start a cluster of this machine, whose processes have the memory of any other.

    Dask lets its processes give back memory early (``MALLOC_TRIM_THRESHOLD_``), which makes each
    picture's be asked for anew from the system: a fifth of a recording's time.
    """
    import dask

    with dask.config.set({"distributed.nanny.pre-spawn-environ": {}}):
        return distributed.LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address=None
        )


def _connected(distributed: Any, access: Access) -> Client:
    given = [access.ca, access.cert, access.key]
    if any(given) and not all(given):
        raise MachineError("TLS takes all three: --tls-ca, --tls-cert and --tls-key.")
    for file in given:
        if file is not None and not file.is_file():
            raise MachineError(f"There is no file {file}; check the path.")
    file = Path(access.address)
    how = {"scheduler_file": str(file)} if file.is_file() else {"address": access.address}
    security = None
    if all(given):
        security = distributed.Security(
            tls_ca_file=str(access.ca),
            tls_client_cert=str(access.cert),
            tls_client_key=str(access.key),
            require_encryption=True,
        )
    elif not access.insecure and not is_here(_address_in(file, access.address)):
        raise MachineError(
            f"The scheduler {access.address} is on another machine and not encrypted: whoever "
            "reaches it can run programs on the workers. Give --tls-ca, --tls-cert and --tls-key, "
            "or say --insecure where the network is yours alone."
        )
    try:
        return distributed.Client(**how, security=security, timeout=ANSWER_S)  # type: ignore[no-any-return]
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise MachineError(
            f"The cluster {access.address} does not answer ({_first_line(error)}); check the "
            "address, and that its scheduler runs."
        ) from error


def _address_in(file: Path, address: str) -> str:
    """The address that a scheduler's file holds."""
    import json

    if not file.is_file():
        return address
    try:
        return str(json.loads(file.read_text("utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MachineError(f"{file} is no scheduler's file.") from error


def is_here(address: str) -> bool:
    """Whether a scheduler's address is one of this machine's own, where no other listens in."""
    host = address.rpartition("://")[2]
    host = host.rpartition(":")[0].strip("[]") if ":" in host else host
    if address.startswith("inproc://"):
        return True
    try:
        found = {each[4][0] for each in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(each).is_loopback for each in found)


def _outcome(task: Task, future: Future[Outcome]) -> Outcome:
    from distributed import CancelledError, KilledWorker

    try:
        return future.result(timeout=ANSWER_S)
    except KilledWorker:
        return failed(task, ENDED)
    except (CancelledError, OSError) as error:
        raise MachineError(_LOST) from error
    except PoseCoachError:
        raise
    except Exception as error:
        raise MachineError(f"A worker failed ({_first_line(error)}).") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().partition("\n")[0] or type(error).__name__).rstrip(".")
