"""What operators see: JSON logs, one trace id through all processes, and every metric, declared here with its meaning.

    log = telemetry.logger()
    log.info("machine_locked", machine_id=machine.id, application_id=claim.application_id)

A log line is a constant name with keys, never a sentence with values. Personal data are struck out by key and, where
they stand inside a text (an error message, above all), by their form.
"""

import io
import logging
import re
import sys
from contextvars import ContextVar
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from chassis.identifiers import mask_identity, mask_phone, new_id

trace: ContextVar[str] = ContextVar("trace", default="")

TRACE_ID = re.compile(r"[0-9A-Za-z-]{1,64}")

REGISTRY = CollectorRegistry()
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, labels, registry=REGISTRY)


def _seconds(name: str, meaning: str, *labels: str) -> Histogram:
    return Histogram(name, meaning, labels, buckets=SECONDS, registry=REGISTRY)


# Asking (call.py). outcome: ok, refused, unavailable, bug
rpc_calls = _counter("rpc_calls", "Calls made to a service", "service", "method", "outcome")
rpc_call_seconds = _seconds("rpc_call_seconds", "Time from the asking to the answer", "service", "method")
rpc_breaker_open = _gauge("rpc_breaker_open", "1 while calls to the service are refused without asking", "service")
# Answering (nameko/answers.py). outcome: ok, refused, unavailable, bug, late (nobody waits any more: not run)
rpc_answers = _counter("rpc_answers", "Requests answered", "service", "method", "outcome")
rpc_answer_seconds = _seconds("rpc_answer_seconds", "Time in the service method", "service", "method")
rpc_refusals = _counter("rpc_refusals", "Refusals by their code", "service", "method", "code")
messages_in_hand = _gauge("messages_in_hand", "Messages taken from the broker and not yet settled", "service")
# Telling (relay.py)
events_relayed = _counter("events_relayed", "Events the broker has confirmed", "service", "type")
events_not_relayed = _counter("events_not_relayed", "Events the broker gave back; they stay in the outbox", "service")
outbox_unsent = _gauge("outbox_unsent", "Events that wait in the outbox", "service")
outbox_oldest_seconds = _gauge("outbox_oldest_seconds", "Age of the oldest event that waits in the outbox", "service")
# Hearing (nameko/subscribe.py). outcome: handled, delayed, parked
events_handled = _counter("events_handled", "Deliveries of events", "queue", "outcome")
event_handling_seconds = _seconds("event_handling_seconds", "Time in the handler of an event", "queue")
parked_messages = _gauge("parked_messages", "Parked messages that wait for an operator; must be 0", "queue")
# Batches (batch.py). outcome: handled, parked
batch_messages = _counter("batch_messages", "Messages of a batch consumer", "queue", "outcome")
batch_seconds = _seconds("batch_seconds", "Time to handle a batch", "queue")
# Positions. outcome: kept, off_duty (dropped), or the reason for which one was set aside
positions = _counter("positions", "Positions taken in", "outcome")
# Scheduler (scheduler.py). outcome: done, failed, overran
job_runs = _counter("job_runs", "Runs of a job of the scheduler", "job", "outcome")
job_seconds = _seconds("job_seconds", "Time a job took", "job")
scheduler_leads = _gauge("scheduler_leads", "1 in the one instance of the scheduler that acts", "service")
reconciler_repairs = _counter("reconciler_repairs", "Disagreements found and repaired; must stay 0", "service")
reconciler_unrepaired = _gauge("reconciler_unrepaired", "Disagreements that no repair ends; must be 0", "service")
# Web
http_requests = _counter("http_requests", "Requests answered over HTTP", "method", "route", "status")
http_request_seconds = _seconds("http_request_seconds", "Time to answer over HTTP", "method", "route")


def exposition() -> bytes:
    """All metrics of this process in the text format of Prometheus."""
    return generate_latest(REGISTRY)


def logger() -> Any:
    return structlog.get_logger()


def new_trace() -> str:
    """Begin to follow a request: its id, also in the context from now on."""
    trace.set(new_id())
    return trace.get()


def follow(id: object) -> str:
    """Follow what came with this id; an id that is none of ours (too long, odd letters) is dropped."""
    trace.set(id if isinstance(id, str) and TRACE_ID.fullmatch(id) else "")
    return trace.get()


def current_trace() -> str:
    """The id of the request at hand; a new one if nothing is being followed."""
    return trace.get() or new_trace()


STRUCK_OUT = "***"
SECRET_KEYS = frozenset(
    {"password", "token", "secret", "private_key", "api_key", "authorization", "cookie", "session_id"}
    | {"identity_number", "phone", "mobile", "bank_account", "address"}
)
IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ADDRESS_PASSWORD = re.compile(r"(\w+://[^:/@\s]+:)[^@\s]+@")


def strike_out(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The processor that lets no personal data and no secret into a log line."""
    return {key: _struck(key, value) for key, value in event.items()}


def _struck(key: str, value: Any) -> Any:
    if key.lower() in SECRET_KEYS:
        return STRUCK_OUT
    if isinstance(value, dict):
        return {inner: _struck(str(inner), each) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [_struck("", each) for each in value]
    return struck_out(value) if isinstance(value, str) else value


def struck_out(text: str) -> str:
    """A text without people's numbers and without the passwords of addresses."""
    text = IDENTITY_NUMBER.sub(lambda found: mask_identity(found.group()), text)
    text = PHONE.sub(lambda found: mask_phone(found.group()), text)
    return ADDRESS_PASSWORD.sub(rf"\1{STRUCK_OUT}@", text)


def _add_trace(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if trace.get():
        event.setdefault("trace", trace.get())
    return event


# Libraries that tell of every failure themselves, with traceback and arguments; we log it once, struck out.
SILENCED = {"nameko.containers": logging.CRITICAL, "nameko.runners": logging.WARNING, "amqp": logging.ERROR}


def configure_logging(service: str, role: str, level: str = "info") -> None:
    """One JSON object a line on stdout, for our own events and for whatever libraries log (warnings and worse)."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a log line is written, whatever letters somebody has sent
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    shared, render = _configure_structlog(service, role, level)
    handler = logging.StreamHandler(sys.stdout)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_name_process(service, role), structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name, threshold in SILENCED.items():
        logging.getLogger(name).setLevel(threshold)


def _configure_structlog(
    service: str, role: str, level: str
) -> tuple[list[structlog.typing.Processor], structlog.typing.Processor]:
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _add_trace,
        structlog.processors.format_exc_info,
        strike_out,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[_name_process(service, role), *shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return shared, render


def _name_process(service: str, role: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {"service": service, "role": role, **event}

    return add


_configure_structlog("", "", "info")  # so that a line logged before (or by a test) is struck out as well
