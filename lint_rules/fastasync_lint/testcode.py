"""Code of tests, whose loop serves nobody."""

from __future__ import annotations

import re

_IS_TEST = re.compile(r"(?:^|/)(?:_?(?:tests?|testing|test_utils?)/|(?:test_[^/]*|[^/]*_tests?|tests|conftest)\.py$)")


def is_test(path: str) -> bool:
    """Whether a file is one of tests by its name or by a folder that it is in; from the project's root."""
    return _IS_TEST.search(path) is not None
