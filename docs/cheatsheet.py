#!/usr/bin/env python3
"""Writes the cheat sheet: every public function, by header, with the first sentence of its description.

Usage: cheatsheet.py SOURCE_ROOT >docs/cheatsheet.md
"""
import pathlib
import re
import sys

HEAD = """# Cheat sheet

Every function of the library on one page, header by header. Made by `docs/cheatsheet.py` from the headers, which have the
whole story. Functions return a `pab_status` unless an arrow says otherwise; `out` and what follows it receives results; a
`NULL` options record means the defaults. What `_new`, `_train`, `_load` or another maker returns is released by `_free`.
"""

FUNCTION = re.compile(r"PAB_API\s+(.*?)\b(pab_\w+)\s*\(([^;]*)\)\s*;[ \t]*(/\*\*<(.*?)\*/)?", re.S)
ORDER = ["status", "version", "config", "scenario", "market", "validity", "message", "agent", "book", "env", "vecenv",
         "policy", "eval", "tune", "stage0", "calibrate", "qtable", "sip", "prefs", "moe",
         "moe_train", "pipeline"]


def first_sentence(comment):
    text = re.sub(r"^\s*\*\s?", "", comment, flags=re.M).strip()
    text = re.split(r"\n\s*\n|\n?\s*@(?:param|return|brief)|\n\s*- ", text)[0]
    text = " ".join(text.split())
    text = re.split(r"(?<=[a-z0-9)\]\"'])\.\s|: see |; see ", text + " ")[0].strip().rstrip(".")
    return text.replace("|", "\\|")


def plain(said, name, args):
    """What stands in place of comments that tell nothing out of their context."""
    last = re.search(r"(pab_\w+) \*\w+$", " ".join(args.split()))
    if name.endswith("_free") and said.startswith("NULL is allowed"):
        return "Releases it; " + said
    if said == "defaults":
        return "Fills in the defaults"
    if said.startswith(("struct_size must be set", "a row", "Fills `out`; its struct_size")) and last:
        return f"Fills in a `{last.group(1)}`"
    return said[:1].upper() + said[1:] if re.match(r"[a-z]+ ", said) else said


def arguments(text):
    names = []
    for part in " ".join(text.split()).split(", "):
        part = re.sub(r"\[.*?\]", "", part)
        name = re.search(r"(\w+)$", part)
        if name and part != "void":
            names.append(name.group(1))
    return ", ".join(names)


def before(text, start):
    """The comment that ends where a declaration begins."""
    comment = re.search(r"/\*\*((?:(?!\*/).)*)\*/\s*$", text[:start], re.S)
    if not comment or comment.group(1).startswith("<"):
        return ""
    return comment.group(1)


def section(header):
    text = header.read_text()
    brief = re.search(r"@brief\s+(.*?)(?:\n \*\n|\n \*/)", text, re.S).group(1)
    lines = []
    for match in FUNCTION.finditer(text):
        result, name, args, _, after = match.groups()
        result = " ".join(result.split())
        arrow = "" if result in ("pab_status", "void") else f" → `{result}`"
        said = plain(first_sentence(after or before(text, match.start())), name, args)
        lines.append(f"| `{name}({arguments(args)})`{arrow} | {said} |")
    if not lines:
        return ""
    title = first_sentence(re.sub(r"\n \* ", "\n", brief))
    return f"\n## {header.name}\n\n{title}.\n\n| function | |\n|---|---|\n" + "\n".join(lines) + "\n"


def main():
    headers = {h.stem: h for h in sorted((pathlib.Path(sys.argv[1]) / "include/pairsabides").glob("*.h"))}
    known = [h for h in ORDER if h in headers] + [h for h in headers if h not in ORDER]
    sys.stdout.write(HEAD + "".join(section(headers[h]) for h in known))


main()
