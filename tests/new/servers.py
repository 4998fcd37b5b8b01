"""The real servers that generated services need, where the tests expect them."""

from collections.abc import Mapping

PORTS = {"PostgreSQL": 5432, "MariaDB": 3306, "Redis": 6379, "RabbitMQ": 5672, "NATS": 4222}


def address_of(name: str) -> tuple[str, int]:
    """Host and port of a server."""
    return "127.0.0.1", PORTS[name]


def needed_by(answers: Mapping[str, str]) -> list[str]:
    """The servers that a combination of choices needs."""
    needed = {
        "PostgreSQL": answers["database"] == "postgresql",
        "MariaDB": answers["database"] == "mysql",
        "Redis": "redis" in {answers["cache"], answers["broker"]},
        "RabbitMQ": answers["broker"] == "rabbitmq",
        "NATS": answers["broker"] == "nats",
    }
    return [name for name, is_needed in needed.items() if is_needed]
