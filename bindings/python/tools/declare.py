"""Makes ctypes declarations of the public headers.

Usage: declare.py OUTPUT INCLUDE_DIR -- COMPILER...

The compiler expands the headers, pycparser reads them; every constant, record, callback type and function of the
public interface comes out as Python. No layout is written by hand anywhere.
"""
from __future__ import annotations

import operator
import pathlib
import re
import subprocess
import sys

from pycparser import c_ast, c_parser

SCALARS = {
    "char": "char", "int": "int", "double": "double", "float": "float",
    "int8_t": "int8", "uint8_t": "uint8", "int16_t": "int16", "uint16_t": "uint16", "int32_t": "int32",
    "uint32_t": "uint32", "int64_t": "int64", "uint64_t": "uint64", "size_t": "size_t", "pab_status": "int32",
}
UNARY = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "|": operator.or_, "<<": operator.lshift}

# ctypes takes integers modulo their size, and text up to its first zero.
PRELUDE = '''"""Declarations of the C interface, made from its headers. Do not edit."""
import ctypes as C
import operator
from typing import Any

INTEGERS = (C.c_int8, C.c_uint8, C.c_int16, C.c_uint16, C.c_int32, C.c_uint32, C.c_int64, C.c_uint64)
LIMITS: dict[Any, tuple[int, int]] = {}
for _kind in INTEGERS:
    _bits, _signed = 8 * C.sizeof(_kind), _kind(-1).value < 0
    LIMITS[_kind] = (-(1 << _bits - 1), (1 << _bits - 1) - 1) if _signed else (0, (1 << _bits) - 1)


def whole(value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"expected a whole number, not {value!r}") from None


def fitting(kind: Any, value: Any, name: str = "a value") -> Any:
    """The value, if a member of that kind can hold it."""
    if kind in LIMITS and not isinstance(value, kind):
        number, (low, high) = whole(value), LIMITS[kind]
        if not low <= number <= high:
            raise OverflowError(f"{name} is {number}, expected {low} to {high}")
        return number
    if kind is C.c_char_p and isinstance(value, bytes) and b"\\0" in value:
        raise ValueError(f"{name} is {value!r}, which has a zero character in it")
    return value


def array(kind: Any, values: Any, name: str = "a value") -> Any:
    values = [fitting(kind, each, name) for each in values]
    return (kind * len(values))(*values)


class Record(C.Structure):
    def __setattr__(self, name: str, value: Any) -> None:
        kinds = type(self).__dict__.get("_kinds")
        if kinds is None:
            kinds = {field: kind for field, kind, *_ in self._fields_}
            setattr(type(self), "_kinds", kinds)
        super().__setattr__(name, fitting(kinds.get(name), value, name))
'''


def expand(include: str, compiler: list[str], *options: str) -> str:
    headers = pathlib.Path(__file__).parent / "headers"
    command = [*compiler, "-E", "-P", *options, "-nostdinc", "-U__GNUC__", "-I", str(headers), "-I", include, "-x", "c", "-"]
    source = "#include <pairsabides/pairsabides.h>\n"
    return subprocess.run(command, input=source, check=True, capture_output=True, text=True).stdout


class Declarations:
    def __init__(self) -> None:
        self.constants: dict[str, int] = {}
        self.records: dict[str, list[str]] = {}  # in order: name -> lines of code
        self.functions: dict[str, str] = {}
        self.parameters: dict[str, tuple[str, ...]] = {}

    def value(self, node: c_ast.Node) -> int:
        if isinstance(node, c_ast.Constant):
            return int(node.value.rstrip("uUlL"), 0)
        if isinstance(node, c_ast.ID):
            return self.constants[node.name]
        if isinstance(node, c_ast.UnaryOp):
            return UNARY[node.op](self.value(node.expr))
        if isinstance(node, c_ast.BinaryOp):
            return BINARY[node.op](self.value(node.left), self.value(node.right))
        raise TypeError(f"a constant of an unknown form: {node}")

    def macros(self, text: str) -> None:
        """Those that are plain whole numbers."""
        for name, number in re.findall(r"^#define (PAB_\w+) (\d+)$", text, re.MULTILINE):
            self.constants[name] = int(number)

    def enum(self, node: c_ast.Enum) -> None:
        following = 0
        for item in node.values.enumerators if node.values else []:
            following = self.value(item.value) if item.value else following
            self.constants[item.name] = following
            following += 1

    def type(self, node: c_ast.Node, argument: bool) -> str:
        """The ctypes expression of a type; arrays are pointers in arguments."""
        if isinstance(node, c_ast.ArrayDecl):
            if argument:
                return self.pointer(node.type, argument)
            return f"{self.type(node.type, False)} * {self.value(node.dim)}"
        if isinstance(node, c_ast.PtrDecl):
            return self.pointer(node.type, argument)
        named = node.type
        if isinstance(named, c_ast.IdentifierType):
            name = " ".join(named.names)
            if name == "void":
                return "None"
            return f"C.c_{SCALARS[name]}" if name in SCALARS else name
        if isinstance(named, c_ast.Union):
            raise TypeError("a union is no type of its own")
        return named.name

    def pointer(self, to: c_ast.Node, argument: bool) -> str:
        if isinstance(to, c_ast.FuncDecl):
            return self.signature(to, "C.CFUNCTYPE({})")
        if isinstance(to, (c_ast.PtrDecl, c_ast.ArrayDecl)):
            text = isinstance(to, c_ast.PtrDecl) and self.type(to, False) == "C.c_char_p"
            return "C.POINTER(C.c_char_p)" if text else "C.c_void_p"
        named = self.type(to, False)
        if named == "C.c_char" and "const" in to.quals:
            return "C.c_char_p"
        return f"C.POINTER({named})" if named in self.records else "C.c_void_p"

    def signature(self, node: c_ast.FuncDecl, form: str) -> str:
        parts = [self.type(node.type, False)]
        for each in node.args.params if node.args else []:
            kind = self.type(each.type, True)
            if kind != "None":
                parts.append(kind)
        return form.format(", ".join(parts))

    def record(self, name: str, node: c_ast.Struct | c_ast.Union, base: str) -> None:
        fields, lines = [], [f"class {name}({base}):"]
        for each in node.decls:
            inner = each.type.type if isinstance(each.type, c_ast.TypeDecl) else None
            if isinstance(inner, c_ast.Union):
                self.record(f"{name}_{each.name}", inner, "C.Union")
                kind = f"{name}_{each.name}"
            else:
                kind = self.type(each.type, False)
            fields.append(f"        ({each.name!r}, {kind}),")
        self.records[name] = [*lines, "    _fields_ = [", *fields, "    ]"]

    def read(self, tree: c_ast.FileAST) -> None:
        for item in tree.ext:
            kind = item.type
            if isinstance(kind, c_ast.Enum):
                self.enum(kind)
            elif isinstance(item, c_ast.Typedef) and isinstance(kind, c_ast.TypeDecl):
                if isinstance(kind.type, c_ast.Struct) and kind.type.decls:
                    self.record(item.name, kind.type, "Record")
                elif isinstance(kind.type, c_ast.Enum):
                    self.enum(kind.type)
            elif isinstance(item, c_ast.Decl) and isinstance(kind, c_ast.FuncDecl):
                self.functions[item.name] = self.signature(kind, "({},)")
                self.parameters[item.name] = tuple(each.name for each in (kind.args.params if kind.args else []))

    def text(self) -> str:
        lines = [PRELUDE]
        lines += [f"{name} = {value}" for name, value in self.constants.items()]
        for body in self.records.values():
            lines += ["", "", *body]
        lines += ["", "", "# Result, then arguments.", "FUNCTIONS = {"]
        lines += [f"    {name!r}: {kinds}," for name, kinds in self.functions.items()]
        lines += ["}", "", "# What its arguments are called.", "PARAMETERS = {"]
        lines += [f"    {name!r}: {names!r}," for name, names in self.parameters.items()]
        return "\n".join([*lines, "}", ""])


def main() -> None:
    output, include, dashes, *compiler = sys.argv[1:]
    assert dashes == "--" and compiler
    declarations = Declarations()
    declarations.macros(expand(include, compiler, "-dM"))
    declarations.read(c_parser.CParser().parse(expand(include, compiler)))
    pathlib.Path(output).write_text(declarations.text(), encoding="utf-8")


main()
