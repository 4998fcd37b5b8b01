"""Syntax of Python releases newer than the running one, respelled so that `ast` reads it: every row stays what it is.

Python 3.12 brought `def f[T: Base](…)`, `type Name = …`, and any quotes, backslashes and comments inside of f-strings;
Python 3.14 `except A, B:` and t-strings. What an expression calls is kept. Texts inside of f-strings may lose quotes
and backslashes, and the rest of a row may stand a few columns further right.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import SimpleNamespace

_TOKEN = re.compile(
    rb"""
      (?P<comment>  \#[^\r\n]* )
    | (?P<prefix>   (?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])? ) (?P<quote> \"\"\"|'''|\"|' )
    | (?P<name>     [A-Za-z_\x80-\xff][\w\x80-\xff]* )
    | (?P<mark>     != | [][(){}:!,] )
    """,
    re.VERBOSE,
)
_GENERIC = re.compile(rb"[ \t]+([\w\x80-\xff]+)[ \t]*\[")
_ALIAS = re.compile(rb"[ \t]+([\w\x80-\xff]+)[ \t]*(?:(\[)|=(?!=))")
_PLAIN = {quote: re.compile(rb"(?s)(?:[^\\]|\\.)*?" + quote) for quote in (b'"', b"'", b'"""', b"'''")}
_LITERAL = {quote: re.compile(rb"(?s)\\N\{[^}]*\}|\\[^{}]|\{\{|\{|" + quote) for quote in _PLAIN}
_VARIABLES = "type_params"
"""Which trees have from Python 3.12 on."""
_STARS = re.compile(rb"(\A\s*|,\s*)\*{1,2}")
_FORMATTED = bytes.maketrans(b"tT", b"ff")
_SWAPPED = bytes.maketrans(b"\"'", b"'\"")


def parse(source: bytes) -> ast.Module:
    """The tree of a file in the newest syntax known here. `SyntaxError` where it is none, as for `ast.parse`."""
    respelling = _Respelling(source)
    try:
        text = respelling.text()
    except _UnreadableError:
        return ast.parse(source)
    return ast.parse(source) if text == source else respelling.restored(ast.parse(text))


class _UnreadableError(Exception):
    """A text or bracket without an end."""


class _Respelling:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.edits: list[tuple[int, int, bytes]] = []
        self.parameters: dict[tuple[int, str], bytes] = {}
        """What stood in the brackets, by the row and the name of the definition."""
        self.aliases: set[tuple[int, str]] = set()

    def text(self) -> bytes:
        self._code(0, (), field=False)
        parts, seen = [], 0
        for start, end, text in sorted(self.edits):
            if start >= seen:  # what lies inside of type parameters goes with them
                parts += [self.source[seen:start], text]
                seen = end
        return b"".join([*parts, self.source[seen:]])

    def restored(self, tree: ast.Module) -> ast.Module:
        """The tree with its type parameters and aliases put back."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = self.parameters.get((node.lineno, node.name))
                if inner is not None:
                    setattr(node, _VARIABLES, list(_variables(inner)))
            for body in (getattr(node, "body", ()), getattr(node, "orelse", ())):
                if isinstance(body, list):
                    body[:] = [self._alias(each) for each in body]
        return tree

    def _alias(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            return node
        if (node.lineno, node.targets[0].id) not in self.aliases:
            return node
        hint = ast.copy_location(ast.Name("TypeAlias", ast.Load()), node)
        return ast.copy_location(ast.AnnAssign(node.targets[0], hint, node.value, 1), node)

    def _code(self, at: int, outer: tuple[bytes, ...], *, field: bool) -> int:
        """Read code up to the end of the file, or of the expression of a replacement field: where that is."""
        depth = 0
        while token := _TOKEN.search(self.source, at):
            at = token.end()
            if token["quote"]:
                at = self._string(token, outer)
            elif token["comment"] and field:
                self.edits.append((token.start(), at, b" " * (at - token.start())))
            elif token["name"] and not field:
                self._name(token, depth)
            elif token["mark"] in (b"(", b"[", b"{"):
                depth += 1
            elif token["mark"] in (b")", b"]", b"}", b":", b"!"):
                if field and not depth:
                    return token.start()
                depth -= token["mark"] in (b")", b"]", b"}")
        if field:
            raise _UnreadableError
        return at

    def _string(self, token: re.Match[bytes], outer: tuple[bytes, ...]) -> int:
        """Read a text, which inside of a field may hold nothing that ends the f-strings around it: where it ends."""
        quote = token["quote"]
        if any(letter in b"fFtT" for letter in token["prefix"]):
            self._replace(token.start(), token.start("quote"), token["prefix"].translate(_FORMATTED))
            kept = len(self.edits)
            end = self._formatted(token, _free(quote, outer), outer)
            if len(quote) == 1 and b"\n" in self.source[token.end() : end]:  # a field of more than one line
                del self.edits[kept:]
                self._formatted(token, _free(quote * 3, outer), outer)
            return end
        end = self._plain(token.end(), quote)
        if not outer:
            return end
        new = _free(quote, outer)
        if new:
            self._clean(token.end(), end - len(quote), outer, new)
            self._requote(token, end, new)
        else:  # both quotes are taken: any constant does
            self.edits.append((token.start(), end, b"0".ljust(end - token.start())))
        return end

    def _requote(self, token: re.Match[bytes], end: int, new: bytes) -> None:
        self._replace(token.start("quote"), token.end(), new)
        self._replace(end - len(token["quote"]), end, new)

    def _plain(self, at: int, quote: bytes) -> int:
        found = _PLAIN[quote].match(self.source, at)
        if found is None:
            raise _UnreadableError
        return found.end()

    def _formatted(self, token: re.Match[bytes], new: bytes, outer: tuple[bytes, ...]) -> int:
        """Read an f-string and put it into other quotes: where it ends."""
        at = seen = token.end()
        while part := _LITERAL[token["quote"]].search(self.source, at):
            at = part.end()
            if part[0] == token["quote"]:
                self._clean(seen, part.start(), outer, new)
                self._requote(token, at, new or part[0])
                return at
            if part[0] == b"{":
                self._clean(seen, at, outer, new)
                at = seen = self._field(at, (*outer, new or token["quote"]))
        raise _UnreadableError

    def _field(self, at: int, outer: tuple[bytes, ...]) -> int:
        """Read a replacement field with its format, in which there may be fields again: where it ends."""
        at = self._code(at, outer, field=True)
        while (mark := self.source[at : at + 1]) != b"}":
            if not mark:
                raise _UnreadableError
            at = self._field(at + 1, outer) if mark == b"{" else at + 1
        return at + 1

    def _name(self, token: re.Match[bytes], depth: int) -> None:
        name, at = token["name"], token.end()
        if name in (b"def", b"class") and (found := _GENERIC.match(self.source, at)):
            end = self._closing(found.end())
            self.parameters[self._key(token.start(), found[1])] = self.source[found.end() : end - 1]
            self.edits.append((found.end() - 1, end, _blank(self.source[found.end() - 1 : end])))
        elif name == b"type" and not depth and self._starts(token.start()):
            found = _ALIAS.match(self.source, at)
            if found is None:
                return
            end = self._closing(found.end()) if found[2] else found.end(1)
            if found[2] is None or re.compile(rb"[ \t]*=(?!=)").match(self.source, end):
                self.aliases.add(self._key(token.start(), found[1]))
                rest = self.source[token.start() + len(found[1]) : end]
                self.edits.append((token.start(), end, found[1] + _blank(rest)))
        elif name == b"except" and not depth and self.source[at : at + 1] == b" ":
            colon, commas = self._header(at)
            if commas:
                self.edits += [(at, at + 1, b"("), (colon, colon, b")")]

    def _header(self, at: int) -> tuple[int, int]:
        """Where the colon of an `except` is, and how many commas stand before it, outside of brackets."""
        depth = commas = 0
        for token in self._tokens(at):
            if token["mark"] == b":" and not depth:
                return token.start(), commas
            depth += (token["mark"] in (b"(", b"[", b"{")) - (token["mark"] in (b")", b"]", b"}"))
            commas += token["mark"] == b"," and not depth
        raise _UnreadableError

    def _closing(self, at: int) -> int:
        """Where the bracket that is open before `at` has been closed."""
        depth = 1
        for token in self._tokens(at):
            depth += (token["mark"] in (b"(", b"[", b"{")) - (token["mark"] in (b")", b"]", b"}"))
            if not depth:
                return token.end()
        raise _UnreadableError

    def _tokens(self, at: int) -> Iterator[re.Match[bytes]]:
        while token := _TOKEN.search(self.source, at):
            at = self._plain(token.end(), token["quote"]) if token["quote"] else token.end()
            yield token

    def _starts(self, at: int) -> bool:
        """Whether a line or statement starts here."""
        return self.source[:at].rpartition(b"\n")[2].rpartition(b";")[2].strip() == b""

    def _key(self, at: int, name: bytes) -> tuple[int, str]:
        return self.source.count(b"\n", 0, at) + 1, name.decode(errors="replace")

    def _replace(self, start: int, end: int, text: bytes) -> None:
        if self.source[start:end] != text:
            self.edits.append((start, end, text))

    def _clean(self, start: int, end: int, outer: tuple[bytes, ...], new: bytes) -> None:
        """Take from a text what no field may hold. Outside of fields everything may stand."""
        bad = b"\\#" + b"".join(outer) + new if outer else b""
        self._replace(start, end, self.source[start:end].translate(bytes.maketrans(bad, b"_" * len(bad))))


def _free(quote: bytes, outer: tuple[bytes, ...]) -> bytes:
    """The quote, or the other one, if the f-strings around leave one."""
    both = (quote, quote.translate(_SWAPPED))
    return next((each for each in both if each not in outer and each[:1] not in outer), b"")


def _blank(text: bytes) -> bytes:
    """As many blanks, on lines that go on."""
    return re.sub(rb"\r?\n", rb"\\\g<0>", re.sub(rb"[^\r\n]", b" ", text))


def _variables(inner: bytes) -> Iterator[SimpleNamespace]:
    """The names of type parameters with their bounds. But for their stars they are written as parameters are."""
    (made,) = ast.parse(b"def _(" + _STARS.sub(rb"\1", _Respelling(inner).text()) + b"): ...").body
    assert isinstance(made, ast.FunctionDef)
    return (SimpleNamespace(name=each.arg, bound=each.annotation) for each in made.args.args)
