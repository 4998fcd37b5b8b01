"""Calls of cloud, AI and messaging services through a synchronous SDK.

## What it does

Reports calls of boto3, the Google and Azure clients, OpenAI, Anthropic and other model clients, message brokers and
similar SDKs where they run on the event loop, directly or through any number of calls.

## Why is this bad?

Behind the method is a network round trip, with retries and waits between them. A model's answer takes seconds, and a
broker that is down can hold the worker for a minute.

## Example

```python
from openai import OpenAI

client = OpenAI()


async def answer(question: str) -> str:
    response = client.responses.create(model="gpt-5", input=question)
    return response.output_text
```

Use instead:

```python
from openai import AsyncOpenAI

client = AsyncOpenAI()


async def answer(question: str) -> str:
    response = await client.responses.create(model="gpt-5", input=question)
    return response.output_text
```
"""

from __future__ import annotations

from ..model import Hit, Severity
from ._notes import OFFLOADING
from ._wording import blocks

CODE = "FSA107"
NAME = "blocking-sdk-call"
SEVERITY = Severity.ERROR
FIXABLE = True
NOTES = OFFLOADING


def message(hit: Hit) -> str:
    return blocks(hit)
