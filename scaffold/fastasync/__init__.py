"""fastasync: FastAPI services that never block the event loop."""

__version__ = "0.1.0"
