"""What the architecture tests look at: the source tree as text and as syntax trees; nothing is imported or run."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = tuple(
    sorted(
        each.name
        for each in (ROOT / "services").iterdir()
        if each.name != "chassis" and (each / each.name / "__init__.py").exists()
    )
)
PACKAGES = {
    "chassis": ROOT / "services/chassis/chassis",
    "gateway": ROOT / "gateway/gateway",
    **{name: ROOT / f"services/{name}/{name}" for name in SERVICES},
}


@dataclass(frozen=True)
class Module:
    package: str
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Dotted, from the package: `filing.matters.install_notice`."""
        parts = self.path.relative_to(PACKAGES[self.package]).with_suffix("").parts
        return ".".join((self.package, *(part for part in parts if part != "__init__")))

    @property
    def imports(self) -> set[str]:
        """Every module named in an import anywhere in the file, also inside functions."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
        return found

    def imports_from(self, package: str) -> bool:
        return any(each == package or each.startswith(package + ".") for each in self.imports)

    def constant(self, node: ast.expr) -> str:
        """The text that an argument stands for: itself, or the constant of this module that it names."""
        if isinstance(node, ast.Name):
            node = self._constants[node.id]
        assert isinstance(node, ast.Constant), f"{self.name}:{node.lineno}: not a constant"
        return str(node.value)

    @property
    def _constants(self) -> dict[str, ast.expr]:
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    found |= _unpacked(target, node.value)
        return found


def _unpacked(target: ast.expr, value: ast.expr) -> dict[str, ast.expr]:
    """`A = 1` and `A, B = 1, 2`."""
    if isinstance(target, ast.Name):
        return {target.id: value}
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return {name.id: each for name, each in zip(target.elts, value.elts, strict=True) if isinstance(name, ast.Name)}
    return {}


@cache
def modules(package: str) -> tuple[Module, ...]:
    return tuple(
        Module(package, path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGES[package].rglob("*.py"))
    )


def all_modules() -> list[Module]:
    return [module for package in PACKAGES for module in modules(package)]
