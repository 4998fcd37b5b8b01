"""The language server: findings while one writes.

Diagnostics come on opening and saving, and when typing pauses; code actions apply a fix or suppress with a comment.
The checks run in a thread (`background`), so the server answers meanwhile.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from typing import NamedTuple

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path, uri_scheme

from . import editor, suppress
from .background import Checker, Document, Documents, Result
from .model import Edit, Finding
from .sources import Sources

PAUSE = 0.2
"""Seconds without a keystroke before unsaved text is checked."""


class Shown(NamedTuple):
    """A finding as the client has it."""

    finding: Finding
    diagnostic: types.Diagnostic


class Ready(NamedTuple):
    """A result in the terms of the protocol."""

    result: Result
    shown: list[Shown]
    problems: list[types.Diagnostic]


class Server(LanguageServer):
    """The documents that are open, and what was found in them."""

    def __init__(self, version: str) -> None:
        super().__init__("fastasync", version)
        self.is_shut_down = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._checker: Checker | None = None
        self._uris: dict[str, str] = {}
        self._shown: dict[str, tuple[int | None, list[Shown]]] = {}
        self._waiting: asyncio.TimerHandle | None = None
        self._dirty: set[str] = set()
        self._trouble = ""

    def opened(self, uri: str) -> None:
        """A document is open from now on. Only Python files are of interest."""
        path = to_fs_path(uri)
        if path is not None and uri_scheme(uri) == "file" and path.endswith(".py"):
            self._uris[os.path.abspath(path)] = uri
            self.check(uri, 0)

    def closed(self, uri: str) -> None:
        """Forget a document, and what is shown for it; others see what is on disk again."""
        path = next((path for path, other in self._uris.items() if other == uri), None)
        if path is None:
            return
        del self._uris[path]
        self._shown.pop(path, None)
        self._publish(uri, None, [])
        self._dirty.update(self._uris)
        self._schedule(PAUSE)

    def check(self, uri: str | None, delay: float) -> None:
        """Check the project of a document (all for None) after so many seconds without another request."""
        self._dirty.update(path for path, other in self._uris.items() if uri in (None, other))
        self._schedule(delay)

    def actions(self, uri: str, wanted: types.Range) -> list[types.CodeAction]:
        """What can be done about the findings in a range: none while the text is newer than they are."""
        path = next((path for path, other in self._uris.items() if other == uri), "")
        version, shown = self._shown.get(path, (None, []))
        document = self.workspace.get_text_document(uri)
        if version != document.version:
            return []
        found: list[types.CodeAction] = []
        for one in shown:
            if editor.touches(one.diagnostic.range, wanted):
                found += self._actions_for(one, path, uri, version)
        return sorted(found, key=lambda action: not action.is_preferred)

    def shutdown(self) -> None:
        """Stop checking, and serving: the editor went away without a word."""
        if self._checker is not None:
            self._checker.stop()
        super().shutdown()  # type: ignore[no-untyped-call]  # pygls leaves it bare

    def _schedule(self, delay: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._loop = asyncio.get_running_loop()
        self._waiting = self._loop.call_later(delay, self._start)

    def _start(self) -> None:
        self._waiting = None
        if self._checker is None:
            self._checker = Checker(self._deliver)
        asked, self._dirty = self._dirty & self._uris.keys(), set()
        if asked:
            self._checker.ask(self._documents(), asked)

    def _documents(self) -> Documents:
        found = {}
        for path, uri in self._uris.items():
            document = self.workspace.get_text_document(uri)
            found[path] = Document(document.version, editor.encoded(document.source))
        return found

    def _deliver(self, results: list[Result], documents: Documents, trouble: str) -> None:
        """Called in the checker's thread: chains lead through files, and reading those is not for the loop."""
        assert self._loop is not None
        places = self._places(documents)
        ready = []
        for result in results:
            shown = [Shown(one, editor.diagnostic(one, result.path, places)) for one in result.findings]
            problems = [editor.problem(one, result.path, places) for one in result.problems]
            ready.append(Ready(result, shown, problems))
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._show, ready, trouble)

    def _show(self, ready: Iterable[Ready], trouble: str) -> None:
        for result, shown, problems in ready:
            uri = self._uris.get(result.path)
            if uri is None or self.workspace.get_text_document(uri).version != result.version:
                continue  # closed or edited meanwhile: a newer check is on its way
            self._shown[result.path] = (result.version, shown)
            self._publish(uri, result.version, [*problems, *(one.diagnostic for one in shown)])
        if trouble and trouble != self._trouble:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"fastasync: {trouble}"))
        self._trouble = trouble

    def _places(self, documents: Documents) -> editor.Places:
        overlay = {path: document.data for path, document in documents.items()}
        return editor.Places(self.workspace.position_codec, Sources(overlay).lines)

    def _publish(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self.text_document_publish_diagnostics(params)

    def _actions_for(self, shown: Shown, path: str, uri: str, version: int | None) -> Iterable[types.CodeAction]:
        finding = shown.finding
        if finding.fix is not None:
            action = self._action(editor.title(finding), shown, finding.fix.edits, path, uri, version)
            action.is_preferred = editor.is_safe(finding)
            yield action
        if finding.code != suppress.UNUSED:
            edit = editor.suppression(finding, self.workspace.get_text_document(uri).source)
            yield self._action(f"Suppress {finding.code} with a comment", shown, (edit,), path, uri, version)

    def _action(
        self, title: str, shown: Shown, edits: Iterable[Edit], path: str, uri: str, version: int | None
    ) -> types.CodeAction:
        made = self._places(self._documents()).edits(path, edits)
        workspace = self.client_capabilities.workspace
        can = workspace.workspace_edit if workspace is not None else None
        if can is not None and can.document_changes:
            name = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            change = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(name, [*made])])
        else:
            change = types.WorkspaceEdit(changes={uri: made})
        return types.CodeAction(title, kind=types.CodeActionKind.QuickFix, diagnostics=[shown.diagnostic], edit=change)


def create(version: str) -> Server:
    """A server that is ready to be started."""
    server = Server(version)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        # The findings are those of `fastasync lint` in the folder that is open.
        root = server.workspace.root_path
        if root is not None and os.path.isdir(root):
            os.chdir(root)

    @server.feature(types.SHUTDOWN)
    def announced(_: None) -> None:
        server.is_shut_down = True

    @server.feature(types.EXIT)
    def leave(_: None) -> None:
        # All answers are written and flushed. A check may be under way in its thread, on which the loop's and the
        # interpreter's own end wait or get stuck.
        os._exit(0 if server.is_shut_down else 1)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.check(params.text_document.uri, PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.check(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.check(None, PAUSE)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return server.actions(params.text_document.uri, params.range)

    return server
