"""Where the project lives in public. One setting: every address the tool prints derives from it."""

# Not decided yet: while it is empty, addresses are paths inside the repository.
HOME: str = ""


def rule_url(name: str) -> str:
    """The address of a rule's page."""
    page = f"docs/rules/{name}.md"
    return f"{HOME.rstrip('/')}/blob/main/{page}" if HOME else page
