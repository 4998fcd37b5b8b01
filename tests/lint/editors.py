"""A client of the language server, over stdin and stdout, as an editor is one."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 180
"""Seconds to wait for an answer, on a busy machine."""


class Editor:
    """Opens, edits and saves documents, and collects what the server says of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("tests", "1")
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self._published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def published(params: types.PublishDiagnosticsParams) -> None:
            self._published.put_nowait(params)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.put_nowait(params.message)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        """Open a document, with other text than the file has if that is given."""
        content = (self.folder / name).read_bytes().decode() if text is None else text
        self.texts[name], self.versions[name] = content, 1
        item = types.TextDocumentItem(self.uri(name), "python", 1, content)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> None:
        """Replace the text of a document, without saving it."""
        self.texts[name] = text
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, name: str) -> None:
        (self.folder / name).write_bytes(self.texts[name].encode())
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def diagnostics(self, name: str) -> list[types.Diagnostic]:
        """The next diagnostics of the document's current text."""
        while True:
            params = await asyncio.wait_for(self._published.get(), PATIENCE)
            if params.uri == self.uri(name) and params.version in (None, self.versions[name]):
                return list(params.diagnostics)

    async def actions(self, name: str, diagnostic: types.Diagnostic) -> dict[str, types.CodeAction]:
        """The code actions at a diagnostic, by title."""
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri(name)), diagnostic.range, types.CodeActionContext([diagnostic])
        )
        found = await self.client.text_document_code_action_async(params)
        return {action.title: action for action in found or [] if isinstance(action, types.CodeAction)}

    def apply(self, name: str, action: types.CodeAction) -> None:
        """Make the edits of an action in the document, as an editor that counts in UTF-16 does."""
        assert action.edit is not None
        if action.edit.document_changes is not None:
            (change,) = action.edit.document_changes
            assert isinstance(change, types.TextDocumentEdit)
            assert (change.text_document.uri, change.text_document.version) == (self.uri(name), self.versions[name])
            edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
        else:
            assert action.edit.changes is not None
            edits = list(action.edit.changes[self.uri(name)])
        self.type(name, edited(self.texts[name], edits))


def edited(text: str, edits: Sequence[types.TextEdit]) -> str:
    """The text after edits in UTF-16 positions."""
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 2)

    def offset(position: types.Position) -> int:
        return starts[position.line] + 2 * position.character

    data = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda edit: offset(edit.range.start), reverse=True):
        data = data[: offset(edit.range.start)] + edit.new_text.encode("utf-16-le") + data[offset(edit.range.end) :]
    return data.decode("utf-16-le")


@asynccontextmanager
async def editing(
    folder: Path, encodings: Sequence[types.PositionEncodingKind] | None = None, *, versioned: bool = True
) -> AsyncGenerator[Editor]:
    """An editor with a folder open; the server ends with status 0 after it."""
    editor = Editor(folder)
    await editor.client.start_io(sys.executable, "-X", "faulthandler", "-m", "fastasync", "server")
    try:
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=encodings),
            workspace=types.WorkspaceClientCapabilities(
                workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=versioned)
            ),
        )
        params = types.InitializeParams(capabilities, root_uri=folder.as_uri())
        await asyncio.wait_for(editor.client.initialize_async(params), PATIENCE)
        editor.client.initialized(types.InitializedParams())
        yield editor
        await asyncio.wait_for(editor.client.shutdown_async(None), PATIENCE)
    finally:
        editor.client.exit(None)
        if editor.client._server is not None and editor.client._server.stdin is not None:
            editor.client._server.stdin.close()  # as an editor does: nothing more will be said
        await _stopped(editor.client)
    assert editor.client._server is not None
    assert editor.client._server.returncode == 0


async def _stopped(client: LanguageClient) -> None:
    """Wait until the server has ended; one that does not is ended, and its threads are told."""
    try:
        await asyncio.wait_for(client.stop(), PATIENCE)  # type: ignore[no-untyped-call]
    except TimeoutError:
        server = client._server
        assert server is not None
        assert server.stderr is not None
        server.send_signal(signal.SIGABRT)
        threads = (await asyncio.wait_for(server.stderr.read(), PATIENCE)).decode()
        pytest.fail(f"the server did not end; its threads:\n{threads}")
