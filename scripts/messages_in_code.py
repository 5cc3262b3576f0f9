"""Every error a user can mend that the code makes, with its message and its remedies.

They are read off the code and not off running it, so that no message is forgotten. Where a text is
put together before, by names, branches, functions and what callers hand in, each that it can be
is found; … stands for what only a run can tell.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from calltrack_nb import errors

ROOT: Final = Path(__file__).resolve().parent.parent

_KINDS: Final = {
    name
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.CalltrackError)
}
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEP: Final = 6  # a text is never handed on through more names


@dataclass(frozen=True)
class Message:
    """One message that an error of a kind can have.

    Parameters
    ----------
    kind : str
        The class of the error.
    text : str
        What is wrong.
    remedies : tuple of str
        What can be done, one or another; empty where the error names none.
    place : str
        Where it is made, as ``folder/module.py:line``.
    """

    kind: str
    text: str
    remedies: tuple[str, ...]
    place: str


def messages(package: Path = ROOT / "calltrack_nb") -> list[Message]:
    """Return the messages of every error that the package's code makes."""
    return [
        message for path in sorted(package.rglob("*.py")) for message in _Module(path).messages()
    ]


@cache
class _Module:
    """A module's syntax, which knows what its names can stand for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def messages(self) -> Iterator[Message]:
        """Yield what its errors say."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and _called(node) in _KINDS and node.args:
                remedies: list[str] = []
                for word in node.keywords:
                    remedies += self.texts(word.value) if word.arg == "fix" else []
                for text in self.texts(node.args[0]):
                    if text.strip("… "):
                        place = f"{self.path.relative_to(ROOT)}:{node.lineno}"
                        yield Message(_called(node), text.rstrip("."), tuple(remedies), place)

    def texts(self, node: ast.expr | None, depth: int = 0) -> list[str]:
        """Return each text that an expression can be."""
        match node:
            case ast.Constant(value=str(text)):
                found = [text]
            case ast.JoinedStr(values=parts):
                said = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts
                )
                first = parts[0].value if isinstance(parts[0], ast.FormattedValue) else None
                found = [said] if said.strip("… ") else self.texts(first, depth)
            case ast.IfExp(body=one, orelse=other):
                found = self.texts(one, depth) + self.texts(other, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                pairs = product(self.texts(left, depth), self.texts(right, depth))
                found = ["".join(pair) for pair in pairs]
            case ast.Name() | ast.Call() if depth < _DEEP:
                found = [
                    text
                    for module, value in self._stands_for(node)
                    for text in module.texts(value, depth + 1)
                ]
            case _:
                found = []
        return list(dict.fromkeys(found))

    def _stands_for(self, node: ast.Name | ast.Call) -> Iterator[tuple[_Module, ast.expr]]:
        """Yield the expressions that a name, or the answer of a function, can be."""
        if isinstance(node, ast.Call):
            for made in ast.walk(self.tree):
                if isinstance(made, _Function) and made.name == _called(node):
                    answers = (one for one in ast.walk(made) if isinstance(one, ast.Return))
                    yield from ((self, one.value) for one in answers if one.value is not None)
            return
        scope: ast.AST | None = node
        while scope is not None:
            scope = self.parents.get(scope)
            if isinstance(scope, _Function | ast.Module):
                bound = [*self._bound(scope, node.id), *self._handed_in(scope, node.id)]
                if bound:
                    yield from ((self, value) for value in bound)
                    return
        for line in self.tree.body:
            if isinstance(line, ast.ImportFrom) and node.id in {one.name for one in line.names}:
                path = ROOT / f"{(line.module or '').replace('.', '/')}.py"
                if path.exists():
                    module = _Module(path)
                    yield from ((module, value) for value in module._bound(module.tree, node.id))

    def _bound(self, scope: ast.AST, name: str) -> Iterator[ast.expr]:
        """Yield what is assigned to a name in a scope, or runs through it in a loop."""
        for node in _own(scope):
            match node:
                case ast.Assign(targets=[target], value=value):
                    yield from _part(target, value, name)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    yield from _part(target, value, name)
                case ast.For(
                    target=ast.Tuple() as target, iter=ast.Name(id=table_name) as rows
                ) if table_name != name and name in {
                    each.id for each in ast.walk(target) if isinstance(each, ast.Name)
                }:
                    for _, table in self._stands_for(rows):
                        if isinstance(table, ast.Tuple | ast.List):
                            for row in table.elts:
                                yield from _part(target, row, name)

    def _handed_in(self, scope: ast.AST, name: str) -> Iterator[ast.expr]:
        """Yield what the module hands to a parameter of its own function."""
        if not isinstance(scope, _Function):
            return
        taken = [one.arg for one in (*scope.args.args, *scope.args.kwonlyargs)]
        for call in ast.walk(self.tree):
            if name in taken and isinstance(call, ast.Call) and _called(call) == scope.name:
                yield from call.args[taken.index(name) :][:1]
                yield from (word.value for word in call.keywords if word.arg == name)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, but those within a function of its own."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, _Function):
            yield from _own(node)


def _part(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """Yield what a name gets of a value that is assigned to it, alone or among others."""
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _part(one, part, name)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
