"""The five laws of the house (docs/decisions/0007): who may import whom, and where the network may be touched."""

import ast

import pytest

from tests.architecture.source import PACKAGES, SERVICES, Module, all_modules, modules

NAMEKO_DOORS = ("service", "subscriptions")  # the two files of a service that may stand on Nameko
TOOLS_FOR_ASKING = {"chassis.call.Caller", "chassis.nameko.sessions.Calls", "chassis.wire.Line", "nameko.rpc", "amqp"}
SCHEDULERS = ("equipment.reconcile", "personnel.reconcile")
# What asks other services, by the name under which it is called.
BUS = {"call", "call_many", "ask", "stages", "living", "claims.reserve", "claims.look", "claims.confirm"}
# They ask again: for the reason why nothing came, for today where a wrong day was typed, or for the form (an inspection's: the
# check library of its day) by which what was typed is read, or which the record calls for.
ASKS_TWICE = {
    "gateway.portal.applications.views.matters",
    "gateway.portal.duty.figures.figures",
    "gateway.portal.duty.sites._site",
    "gateway.portal.enforcement.case_begins._done",
    "gateway.portal.enforcement.cases._conclude_form",
    "gateway.portal.enforcement.findings.findings",
    "gateway.portal.enforcement.inspections._visit",
    "gateway.portal.projects.views.project",
    "gateway.portal.work_logs.views.write",
}
DISCRETION = (
    "benchmarks",
    "conditions",
    "facts",
    "factors",
    "judging",
    "offences",
    "plain",
    "procedure",
    "ranges",
    "trace",
    "weighing",
    "words",
)
PURE = {
    "filing": ("workflow", "deadlines", "staffing", "hazardous_works"),
    "equipment": ("service_life", "bans"),
    "personnel": ("capacity",),
    "attendance": ("verdicts", "accuracy"),
    "enforcement": (
        "cases.clocks",
        "cases.flow",
        "discretion",
        "draw",
        *(f"discretion.{name}" for name in DISCRETION),
    ),
}
PURE_MAY = ("chassis.workdays", "chassis.clock", "chassis.findings")


def ids(module: Module) -> str:
    return module.name


def is_nameko_door(module: Module) -> bool:
    if module.name.startswith("chassis.nameko"):
        return True
    parts = module.name.split(".")
    return module.package in SERVICES and (parts[1:2] and (parts[1] in NAMEKO_DOORS or parts[1] == "rpc"))


def test_the_tree_is_what_these_tests_think_it_is() -> None:
    assert {"filing", "equipment", "personnel"} <= set(SERVICES)
    assert all(len(modules(package)) > 5 for package in PACKAGES)


def test_law_1_a_page_or_act_asks_once() -> None:
    """Pages that gather ask all at the same time, with one `ask_all`."""
    twice = {
        f"{module.name}.{view.name}"
        for module in all_modules()
        if module.name.startswith("gateway.portal.")
        for view in ast.walk(module.tree)
        if isinstance(view, ast.FunctionDef)
        and sum(bool(_names(n) & {"ask", "ask_all"}) for n in ast.walk(view) if isinstance(n, ast.Call)) > 1
    }
    assert twice == ASKS_TWICE


@pytest.mark.parametrize("module", all_modules(), ids=ids)
def test_law_4_nameko_and_eventlet_stay_in_their_quarantine(module: Module) -> None:
    if is_nameko_door(module):
        return
    assert not module.imports_from("nameko") and not module.imports_from("eventlet")
    if module.package != "chassis":
        assert not module.imports_from("chassis.nameko"), "only service.py and subscriptions.py stand on chassis.nameko"


@pytest.mark.parametrize("module", all_modules(), ids=ids)
def test_law_5_nobody_imports_another_services_package(module: Module) -> None:
    others = set(PACKAGES) - {module.package, "chassis"}
    assert [other for other in others if module.imports_from(other)] == []


@pytest.mark.parametrize("module", [m for m in all_modules() if m.package in SERVICES], ids=ids)
def test_law_2_only_filing_asks_while_it_answers_and_a_scheduler_that_answers_nobody(module: Module) -> None:
    """So that no chain of calls ever comes back to where it began. The gateway, whom nobody calls, may call everybody."""
    if module.name == "filing.service" or module.name in SCHEDULERS:
        return
    assert not module.imports & TOOLS_FOR_ASKING
    attributes = {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    assert "caller" not in attributes or module.name.endswith(".jobs"), "jobs hand it to the reconciler"


def test_law_2_filing_asks_the_lock_owners_for_claims_and_nothing_else() -> None:
    asked = {question for module in modules("filing") for question in questions(module)}
    assert asked == {("equipment", "reserve"), ("personnel", "reserve")}


def test_law_2_what_a_scheduler_may_ask_is_answered_without_asking_anybody() -> None:
    asked = {call for name in SERVICES for m in modules(name) if m.name in SCHEDULERS for call in calls(m)}
    assert asked == {("filing", "get_claim_stages"), ("filing", "list_living_claims")}
    (service,) = (m for m in modules("filing") if m.name == "filing.service")
    asking = {
        method.name
        for method in ast.walk(service.tree)
        if isinstance(method, ast.FunctionDef)
        and any(isinstance(node, ast.Attribute) and node.attr in ("asking", "caller") for node in ast.walk(method))
    }
    assert asking == {"submit_application", "check_application", "approve_application", "asking"}


def questions(module: Module) -> set[tuple[str, str]]:
    """Service and method of each `Question(…)` in a module."""
    made = [n for n in ast.walk(module.tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Question"]
    return {(module.constant(each.args[0]), module.constant(each.args[1])) for each in made}


def calls(module: Module) -> set[tuple[str, str]]:
    """Service and method of each call over the bus in a module whose one `.call(…)` stands in `_ask(method, …)`."""
    named = [n for n in ast.walk(module.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    (service,) = {module.constant(n.args[0]) for n in named if n.func.attr in ("call", "call_many")}
    return {(service, module.constant(n.args[0])) for n in named if n.func.attr == "_ask"}


@pytest.mark.parametrize(
    "module",
    [m for package, names in PURE.items() for m in modules(package) if m.name.split(".", 1)[-1] in names],
    ids=ids,
)
def test_pure_rules_stand_on_the_standard_library_only(module: Module) -> None:
    import sys

    foreign = {
        each
        for each in module.imports
        if each.split(".")[0] not in sys.stdlib_module_names
        and not each.startswith((module.package + ".", *PURE_MAY))
        and each != "chassis"
        and each != module.package
    }
    assert foreign == set()


@pytest.mark.parametrize(
    "module", [m for m in all_modules() if m.name.endswith(".queries") or ".queries." in m.name], ids=ids
)
def test_queries_never_commit(module: Module) -> None:
    calls = {
        n.func.attr for n in ast.walk(module.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    }
    assert not calls & {"commit", "begin", "rollback"}


@pytest.mark.parametrize("module", all_modules(), ids=ids)
def test_the_environment_is_read_in_settings_only(module: Module) -> None:
    if module.name in ("chassis.settings", "chassis.nameko.runner") or module.name.startswith(
        ("chassis.testing", "chassis.localservers")
    ):
        return
    reads = [
        n.lineno
        for n in ast.walk(module.tree)
        if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv") and getattr(n.value, "id", "") == "os"
    ]
    assert reads == []


@pytest.mark.parametrize("module", [m for m in all_modules() if m.package in SERVICES], ids=ids)
def test_law_3_no_network_inside_a_transaction(module: Module) -> None:
    for block in ast.walk(module.tree):
        if not isinstance(block, ast.With) or not any(_opens_transaction(item) for item in block.items):
            continue
        for node in ast.walk(block):
            if isinstance(node, ast.Call):
                assert not _names(node) & BUS, f"{module.name}:{node.lineno}"


def _opens_transaction(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and "transaction" in _names(item.context_expr)


def _names(call: ast.Call) -> set[str]:
    """How a call names what it calls: `reserve` and `claims.reserve` of `claims.reserve(…)`."""
    if isinstance(call.func, ast.Attribute):
        return {call.func.attr, f"{getattr(call.func.value, 'id', '')}.{call.func.attr}"}
    return {getattr(call.func, "id", "")}
