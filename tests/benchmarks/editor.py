"""How long an editor waits for diagnostics after a save: the server's own process, driven by a client over stdio.

    python tests/benchmarks/editor.py FOLDER FILE [EDITS]

FILE is relative to FOLDER, a copy of which is edited. Each edit types a blocking call into a coroutine at the end of
the file, or takes it out again, and saves at once. Between edits the check of the whole project, which follows each
answer, has time to end; a second series does not wait for it. The aim is 0.05 s.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.lint.editors import Editor, editing

ADDED = "\n\nasync def added_by_the_benchmark() -> None:\n    import time\n\n    time.sleep(1)\n"


async def answer(editor: Editor, name: str, text: str, count: int) -> float:
    """Seconds from the save to the first diagnostics that are `count` in number."""
    editor.type(name, text)
    start = time.perf_counter()
    editor.save(name)
    while len(await editor.diagnostics(name)) != count:
        pass
    return time.perf_counter() - start


async def measure(folder: Path, name: str, edits: int) -> None:
    """Print the first answer's time, and those after edits."""
    async with editing(folder) as editor:
        start = time.perf_counter()
        editor.open(name)
        before = len(await editor.diagnostics(name))
        first = time.perf_counter() - start
        print(f"first diagnostics    {first:6.2f} s")
        text = editor.texts[name]
        for title, pause in (("whole check ended", 2 + 1.5 * first), ("one after another", 0.3)):
            taken = []
            for number in range(edits):
                await asyncio.sleep(pause)
                is_added = number % 2 == 0
                taken.append(await answer(editor, name, text + ADDED * is_added, before + is_added))
            print(f"{title:20} {statistics.median(taken):6.2f} s (median of {edits}), {max(taken):.2f} s at worst")


def main(folder: str, name: str, edits: str = "6") -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(folder, copy)
        asyncio.run(measure(copy, name, int(edits)))


if __name__ == "__main__":
    main(*sys.argv[1:])
