"""Paragraphs that the pages of several rules share."""

OFFLOADING = """\
## Waiting, computing, and threads

`async` helps while a task *waits*: other tasks run meanwhile. It does nothing for code that computes, or that waits
inside a blocking function: whatever holds the event loop's thread holds every request of that worker.

An async library is the best answer. Without one, run the call in a thread:

| call | threads | remarks |
| --- | --- | --- |
| `await loop.run_in_executor(None, f, a)` | the loop's: min(32, cpus + 4) | any executor; no keywords |
| `await asyncio.to_thread(f, a, k=1)` | the same | shorter; copies the context variables |
| `await anyio.to_thread.run_sync(f, a)` | AnyIO's limiter: 40 | `limiter=` for a kind of work; keywords as above |
| `await run_in_threadpool(f, a, k=1)` | AnyIO's limiter: 40 | FastAPI's own way to run `def` endpoints |

The pool's size decides under load. Measured on 2 cores, 80 concurrent calls of half a second took 7.0 s through
`asyncio.to_thread`, whose executor had 6 threads, and 1.0 s through AnyIO's limiter of 40. So `fix-style = "auto"`
writes `run_in_threadpool` in a FastAPI or Starlette project, and `asyncio.to_thread` elsewhere.

An endpoint or dependency that awaits nothing needs none of this: written with `def`, FastAPI runs it in a thread.

The arguments of the call are evaluated on the loop, before the thread starts: `asyncio.to_thread(f, g())` runs `g`
here. """

COMPUTING = """\
## Threads and computing

A thread keeps the loop alive only while the work lets go of the interpreter. Libraries written in C often do
(hashing, compression, image and data-frame work); pure Python does not, and then slows the loop down instead of
stopping it. Work that takes longer than some tens of milliseconds belongs in a process pool (`await
loop.run_in_executor(process_pool, f, a)`) or in a task queue. """
