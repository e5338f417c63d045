"""Mutants of a module: the same source with one small fault, put into the functions that are loaded already."""

import ast
import copy
import importlib
import re
import sys
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


INVERTED = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
NOT_RUN = ("annotation", "returns", "decorator_list")
PLAIN = (str, int, frozenset, set, dict, tuple)


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
    for place, node in enumerate(_code_of(tree)):
        for kind, fault in enumerate(_faults(node)):
            changed = copy.deepcopy(tree)
            same = list(_code_of(changed))[place]
            new = _faults(same)[kind][1]
            _replace(changed, same, new)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(node.lineno, _function_at(tree, node.lineno), fault[0], text)


def _code_of(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that do something: types and decorators change nothing that a test could see."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in NOT_RUN:
                if hasattr(child, "lineno"):
                    yield child
                yield from _code_of(child)


def _faults(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """[(what is wrong, the node in its place)]."""
    return _faults_of_operators(node) or _faults_of_statements(node) or _faults_of_conditions(node)


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
        case ast.If(test=test) | ast.IfExp(test=test) if not _is_inverted_anyway(test):
            return [(f"if {ast.unparse(test)}: negated", _with(node, test=ast.UnaryOp(ast.Not(), test)))]
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            return [(f"return {ast.unparse(value)}: None", ast.Return(ast.Constant(None)))]
        case ast.Expr(value=ast.Call() as call):
            return [(f"{ast.unparse(call)}: left out", ast.Pass())]
        case ast.Raise() | ast.AugAssign():
            return [(f"{ast.unparse(node)}: left out", ast.Pass())]
    return []


def _faults_of_conditions(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """Each condition of a query, and each filter of a comprehension, left out."""
    match node:
        case ast.Call(func=ast.Attribute(attr="filter" | "exclude") | ast.Name(id="Q"), keywords=given):
            rest = {each: [other for other in given if other is not each] for each in given}
            return [(f"{ast.unparse(node)}: without {each.arg}", _with(node, keywords=rest[each])) for each in given]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            (loop, *others) = node.generators
            return [
                (f"… if {ast.unparse(test)}: left out", _with(node, generators=[_without(loop, test), *others]))
                for test in loop.ifs
            ]
    return []


def _without(loop: ast.comprehension, test: ast.expr) -> ast.comprehension:
    return ast.comprehension(loop.target, loop.iter, [each for each in loop.ifs if each is not test], loop.is_async)


def _is_inverted_anyway(test: ast.expr) -> bool:
    """Whether another fault turns this condition into its opposite."""
    match test:
        case ast.Compare(ops=[operator]):
            return isinstance(operator, INVERTED)
        case ast.UnaryOp(op=ast.Not()):
            return True
    return False


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
    """Give the module's functions the code of this source, wherever they were imported to; set its other names.

    Raises what importing the source would raise.
    """
    made: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compile(source, str(module.__file__), "exec"), made)
    for name, new in made.items():
        old = module.__dict__.get(name)
        if isinstance(old, FunctionType) and isinstance(new, FunctionType):
            _take(old, new)
        elif isinstance(old, type) and isinstance(new, type) and old.__module__ == module.__name__:
            for key, value in vars(new).items():
                _take(vars(old).get(key), value)
                if not key.startswith("__") and isinstance(value, PLAIN) and value != vars(old).get(key):
                    setattr(old, key, value)
        elif not name.startswith("__") and isinstance(new, PLAIN) and new != old:
            _rename(name, old, new)


def _rename(name: str, old: Any, new: Any) -> None:
    """Set a constant here, and in our modules that imported it."""
    for module in [each for key, each in sys.modules.items() if key.startswith(("articles.", "api.", "cms."))]:
        if name in vars(module) and vars(module)[name] is old:
            setattr(module, name, new)


def _take(old: Any, new: Any) -> None:
    old, new = (getattr(each, "fget", None) or getattr(each, "func", None) or each for each in (old, new))
    old, new = (getattr(each, "__wrapped__", each) for each in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType) and not old.__closure__:
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
