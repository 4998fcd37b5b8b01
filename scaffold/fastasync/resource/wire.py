"""Puts a resource into the files that name all resources: components.py and models.py.

LibCST changes what has to be changed and keeps every other character. Where Ruff was content before, it is afterwards.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import libcst as cst
from libcst import matchers as m

from fastasync.errors import UserError
from fastasync.resource.naming import Names
from fastasync.resource.render import formatted, sorted_imports
from fastasync.resource.target import Project

List = cst.Tuple | cst.List


def wire(project: Project, names: Names) -> dict[Path, str]:
    """The changed texts of the files that name all resources.

    Raises `UserError` when one of them is not as expected; the message says what to write there by hand.
    """
    components, models = project.source / "components.py", project.source / "models.py"
    return {
        components: _edited(project, components, lambda tree: include_router(tree, components, names.plural)),
        models: _edited(project, models, lambda tree: import_model(tree, models, names)),
    }


def _edited(project: Project, path: Path, edit: Callable[[cst.Module], cst.Module]) -> str:
    try:
        before = path.read_bytes().decode()
        tree = cst.parse_module(before)
    except (OSError, UnicodeDecodeError, cst.ParserSyntaxError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} cannot be read: {reason}. Mend it first.") from None
    after = edit(tree).code
    if after == before:
        return before
    rules = [rule for rule in ("I", "RUF022") if sorted_imports(project, path, before, rule) == before]
    after = sorted_imports(project, path, after, ",".join(rules)) if rules else after
    return formatted(project, path, after) if formatted(project, path, before) == before else after


def include_router(tree: cst.Module, path: Path, name: str) -> cst.Module:
    """Import the routes of a resource, and list its router."""
    routers = _list_named(tree, "ROUTERS")
    router = cst.parse_expression(f"{name}.router")
    if routers is None:
        raise UserError(f"{path} has no list ROUTERS: write `ROUTERS = (...)` with all routers there first.")
    if any(element.value.deep_equals(router) for element in routers.elements):
        return tree
    if name in _names_bound(tree):
        raise UserError(f"{path} uses the name {name!r} for something else: choose another --plural.")
    changed = _replaced(tree, routers, _appended(routers, router))
    return _with_import(changed, f"from .{name} import routes as {name}")


def import_model(tree: cst.Module, path: Path, names: Names) -> cst.Module:
    """Import the model of a resource, so that Alembic sees its table."""
    module, model = f".{names.plural}.models", names.model
    if _imports(tree, module, model):
        return tree
    if model in _names_bound(tree):
        raise UserError(f"{path} uses the name {model!r} for something else: choose another NAME.")
    exported = _list_named(tree, "__all__")
    if exported is None:
        # Without a list of what a module offers, `as` says that the name is there to be imported.
        return _with_import(tree, f"from {module} import {model} as {model}")
    changed = _replaced(tree, exported, _appended(exported, cst.SimpleString(f'"{model}"')))
    return _with_import(changed, f"from {module} import {model}")


def _replaced(tree: cst.Module, old: List, new: List) -> cst.Module:
    return cst.ensure_type(tree.deep_replace(old, new), cst.Module)


def _list_named(tree: cst.Module, name: str) -> List | None:
    """The tuple or list that is assigned to a name of the module."""
    target = m.Name(name)
    display = m.Tuple() | m.List()
    assigned = m.Assign(targets=[m.AssignTarget(target)], value=display) | m.AnnAssign(target, value=display)
    for statement in _simple_statements(tree):
        if m.matches(statement, assigned) and isinstance(statement, cst.Assign | cst.AnnAssign):
            value = statement.value
            return value if isinstance(value, cst.Tuple | cst.List) else None
    return None


def _simple_statements(tree: cst.Module) -> list[cst.BaseSmallStatement]:
    lines = [line for line in tree.body if isinstance(line, cst.SimpleStatementLine)]
    return [statement for line in lines for statement in line.body]


def _appended(display: List, value: cst.BaseExpression) -> List:
    """The display with one more element, a line for it where the others have theirs; comments stay where they are."""
    if not display.elements:
        only = cst.Element(value, cst.Comma()) if isinstance(display, cst.Tuple) else cst.Element(value)
        return display.with_changes(elements=[only])
    *others, last = display.elements
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    end = comma or cst.MaybeSentinel.DEFAULT
    between, tail = comma or cst.Comma(), _before_end(display)
    if not isinstance(tail, cst.ParenthesizedWhitespace):
        # `(one,)` is the only tuple that needs its last comma.
        end = end if others else cst.MaybeSentinel.DEFAULT
        last = last.with_changes(comma=between.with_changes(whitespace_after=cst.SimpleWhitespace(" ")))
        return display.with_changes(elements=[*others, last, cst.Element(value, end)])
    # A comment behind the last element stays behind it; the new one stands below, where the first one stands.
    line = _line_of_first(display, tail)
    below = tail.with_changes(empty_lines=[], indent=line.indent, last_line=line.last_line)
    last = last.with_changes(comma=between.with_changes(whitespace_after=below))
    longer = display.with_changes(elements=[*others, last, cst.Element(value, end)])
    return _with_end(longer, tail.with_changes(first_line=cst.TrailingWhitespace()))


def _line_of_first(display: List, tail: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
    """What stands before the first element, when that has a line of its own."""
    if isinstance(display, cst.List):
        start = display.lbracket.whitespace_after
    else:
        start = display.lpar[0].whitespace_after if display.lpar else tail
    return start if isinstance(start, cst.ParenthesizedWhitespace) else tail


def _before_end(display: List) -> cst.BaseParenthesizableWhitespace | None:
    """What stands before the closing bracket."""
    if isinstance(display, cst.List):
        return display.rbracket.whitespace_before
    return display.rpar[-1].whitespace_before if display.rpar else None


def _with_end(display: List, blank: cst.BaseParenthesizableWhitespace) -> List:
    if isinstance(display, cst.List):
        return display.with_changes(rbracket=display.rbracket.with_changes(whitespace_before=blank))
    *others, last = display.rpar
    return display.with_changes(rpar=[*others, last.with_changes(whitespace_before=blank)])


def _imports(tree: cst.Module, module: str, name: str) -> bool:
    """Whether the module imports a name from another one."""
    for statement in _simple_statements(tree):
        if isinstance(statement, cst.ImportFrom) and _module_of(statement) == module:
            names = statement.names
            return not isinstance(names, cst.ImportStar) and any(alias.evaluated_name == name for alias in names)
    return False


def _module_of(statement: cst.Import | cst.ImportFrom) -> str:
    """The module that a statement imports from, with its dots; nothing for `import`."""
    if isinstance(statement, cst.Import):
        return ""
    name = cst.Module([]).code_for_node(statement.module) if statement.module else ""
    return "." * len(statement.relative) + name


def _names_bound(tree: cst.Module) -> set[str]:
    """The names that the module imports, assigns or defines."""
    bound = {node.name.value for node in tree.body if isinstance(node, cst.ClassDef | cst.FunctionDef)}
    for statement in _simple_statements(tree):
        if isinstance(statement, cst.ImportFrom | cst.Import) and not isinstance(statement.names, cst.ImportStar):
            bound |= {alias.evaluated_alias or alias.evaluated_name.partition(".")[0] for alias in statement.names}
        elif isinstance(statement, cst.Assign):
            bound |= {one.target.value for one in statement.targets if isinstance(one.target, cst.Name)}
        elif isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
            bound.add(statement.target.value)
    return bound


def _with_import(tree: cst.Module, code: str) -> cst.Module:
    """One more import, before the first relative one that sorts after it, or after the last import."""
    line = cst.parse_statement(code, tree.config_for_parsing)
    imports = dict(_top_imports(tree))
    module = code.split()[1]
    later = [index for index, node in imports.items() if _module_of(node) > module and _module_of(node).startswith(".")]
    place = later[0] if later else max(imports, default=-1) + 1
    return tree.with_changes(body=[*tree.body[:place], line, *tree.body[place:]])


def _top_imports(tree: cst.Module) -> Iterator[tuple[int, cst.Import | cst.ImportFrom]]:
    """The imports of the module, each with the number of its line's statement."""
    for index, line in enumerate(tree.body):
        if isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Import | cst.ImportFrom):
            yield index, line.body[0]
