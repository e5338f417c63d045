"""Mutants of a module: the same source with one small fault, put into the functions that are loaded already."""

import ast
import copy
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[a-z_-]+")  # a key, not a word that people read
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMBINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Sub: ast.Add,
    ast.Add: ast.Sub,
    ast.Mult: ast.Add,
}


@dataclass(frozen=True)
class Mutant:
    """`source` is the whole module; `function` the outermost function or method in which the fault is, or ""."""

    line: int
    function: str
    fault: str
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """One for each place and fault. Texts that people read (docstrings, messages with a blank) stay."""
    tree = ast.parse(source)
    nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    for place, node in enumerate(nodes):
        for kind, fault in enumerate(_faults(node)):
            changed = copy.deepcopy(tree)
            same = [each for each in ast.walk(changed) if hasattr(each, "lineno")][place]
            new = list(_faults(same))[kind][1]
            _replace(changed, same, new)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(node.lineno, _function_at(tree, node.lineno), fault[0], text)


def _faults(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """[(what is wrong, the node in its place)]."""
    return _faults_of_operators(node) or _faults_of_statements(node)


def _faults_of_operators(node: ast.AST) -> list[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARED:
            new = COMPARED[type(operator)]
            return [(f"{ast.unparse(node)}: {new.__name__}", _with(node, ops=[new()]))]
        case ast.BoolOp(op=operator):
            new = ast.Or if isinstance(operator, ast.And) else ast.And
            return [(f"{ast.unparse(node)}: {new.__name__}", _with(node, op=new()))]
        case ast.BinOp(op=operator) if type(operator) in COMBINED:
            new = COMBINED[type(operator)]
            return [(f"{ast.unparse(node)}: {new.__name__}", _with(node, op=new()))]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [(f"{ast.unparse(node)}: without not", operand)]
    return []


def _faults_of_statements(node: ast.AST) -> list[tuple[str, ast.AST]]:
    match node:
        case ast.Constant(value=bool(value)):
            return [(f"{value}: {not value}", ast.Constant(not value))]
        case ast.Constant(value=int(value)):
            return [(f"{value}: {value + 1}", ast.Constant(value + 1))]
        case ast.Constant(value=str(value)) if NAME.fullmatch(value):
            return [(f"{value!r}: another text", ast.Constant(f"{value}X"))]
        case ast.If(test=test) | ast.IfExp(test=test):
            return [(f"if {ast.unparse(test)}: negated", _with(node, test=ast.UnaryOp(ast.Not(), test)))]
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            return [(f"return {ast.unparse(value)}: None", ast.Return(ast.Constant(None)))]
        case ast.Expr(value=ast.Call() as call):
            return [(f"{ast.unparse(call)}: left out", ast.Pass())]
        case ast.Raise() | ast.AugAssign():
            return [(f"{ast.unparse(node)}: left out", ast.Pass())]
    return []


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [new if item is old else item for item in value])


def _function_at(tree: ast.Module, line: int) -> str:
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for each in inside:
            if isinstance(each, ast.FunctionDef) and each.lineno <= line <= (each.end_lineno or 0):
                return each.name
    return ""


def module_of(file: str) -> ModuleType:
    """articles/review/four_eyes.py -> the module."""
    return importlib.import_module(file.removesuffix(".py").replace("/", "."))


def put_in(module: ModuleType, source: str) -> None:
    """Give the module's functions the code of this source, wherever they were imported to; set its other names."""
    made: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compile(source, str(module.__file__), "exec"), made)
    for name, new in made.items():
        old = module.__dict__.get(name)
        if isinstance(old, FunctionType) and isinstance(new, FunctionType):
            _take(old, new)
        elif isinstance(old, type) and isinstance(new, type) and old.__module__ == module.__name__:
            for key, value in vars(new).items():
                _take(vars(old).get(key), value)
        elif not name.startswith("__") and isinstance(new, str | int | frozenset | set | dict | tuple):
            setattr(module, name, new)


def _take(old: Any, new: Any) -> None:
    old, new = (getattr(each, "fget", None) or getattr(each, "func", None) or each for each in (old, new))
    old, new = (getattr(each, "__wrapped__", each) for each in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType) and not old.__closure__:
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
