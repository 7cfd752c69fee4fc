"""The READMEs of the five old programs, read for what they tell a user to type."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "readme"


def text_of(number: str) -> str:
    return (FOLDER / f"{number}.md").read_text().replace("\\`", "`")


def section(number: str, heading: str) -> str:
    return text_of(number).split(heading + "\n")[1].split("\n## ")[0]


def blocks(number: str) -> list[str]:
    """The fenced blocks of one README, in their order."""
    text = text_of(number)
    return [re.sub(r"^ {3}", "", block, flags=re.M) for block in re.findall(r"```\w*\n(.*?)(?:```|\Z)", text, re.S)]


def block(number: str, *words: str) -> str:
    """The one block that holds all these words."""
    found = [text for text in blocks(number) if all(word in text for word in words)]
    assert len(found) == 1, f"{len(found)} blocks of {number} hold {words}"
    return found[0]


def here(text: str, base: str) -> str:
    """The README's lines with the one change that a reader makes: the port of this server."""
    return text.replace("localhost:8080", base.split("//")[1])
