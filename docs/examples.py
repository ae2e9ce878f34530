#!/usr/bin/env python3
"""Writes what makes every example a page of the site: its first comment, then its source.

Usage: examples.py SOURCE_ROOT
"""
import pathlib
import re
import sys

examples = pathlib.Path(sys.argv[1]) / "examples"
for path in sorted(examples.glob("[0-9]*.c")) + sorted(examples.glob("cpp/[0-9]*.cpp")):
    text = path.read_text()
    comment = re.match(r"/\*(.*?)\*/|((?://[^\n]*\n)+)", text, re.S)
    words = re.sub(r"^\s*(\*|//)\s?", "", comment.group(1) or comment.group(2), flags=re.M)
    print(f"/** @example {path.relative_to(examples)}\n * {' '.join(words.split())} */\n")
