"""The five laws of the house (docs/decisions/0007): who may import whom, and where the network may be touched."""

import ast

import pytest

from tests.architecture.source import PACKAGES, SERVICES, Module, all_modules, modules

NAMEKO_DOORS = ("service", "subscriptions")  # the two files of a service that may stand on Nameko
PURE = {
    "filing": ("workflow", "deadlines", "staffing", "hazardous_works"),
    "equipment": ("service_life", "bans"),
    "personnel": ("capacity",),
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


@pytest.mark.parametrize("module", all_modules(), ids=ids)
def test_law_2_only_filings_claims_calls_other_services(module: Module) -> None:
    """The gateway may call everybody. In a service the tool for asking comes in at its doors, and as an argument."""
    if module.package in ("chassis", "gateway") or is_nameko_door(module):
        return
    asked = "chassis.call.Caller" in module.imports
    assert not asked or module.name in {"filing.claims", *(f"{name}.reconcile" for name in SERVICES)}


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
    """Inside `with transaction(...)` nothing may be called that is named like the bus: call, call_many, reserve."""
    for block in ast.walk(module.tree):
        if not isinstance(block, ast.With) or not any(_opens_transaction(item) for item in block.items):
            continue
        for node in ast.walk(block):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert name not in ("call", "call_many"), f"{module.name}:{node.lineno}"


def _opens_transaction(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "transaction"
