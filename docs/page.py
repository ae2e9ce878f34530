#!/usr/bin/env python3
"""Doxygen's filter for the pages of docs/: names the page, and links to other pages by name.

Names of Doxygen's own making differ between its versions, and its links between files fail in a path with a space.
Other links within the repository become plain words: the site holds the pages and nothing else. Code stays as it is.

Usage: page.py PAGE
"""
import pathlib
import re
import sys

DOCS = pathlib.Path(__file__).resolve().parent
PAGE = pathlib.Path(sys.argv[1]).resolve()


def name(page):
    return "page-" + re.sub(r"\W", "-", str(page.relative_to(DOCS).with_suffix("")))


def link(match):
    words, target = match.groups()
    if re.match(r"https?:", target):
        return match.group()
    page = (PAGE.parent / target).resolve()
    return f"[{words}](@ref {name(page)})" if page.suffix == ".md" and page.is_relative_to(DOCS) else words


parts = re.split(r"(^```.*?^```$)", PAGE.read_text(encoding="utf-8"), flags=re.S | re.M)
parts[::2] = [re.sub(r"\[([^]]*)\]\(([^) ]*)\)", link, part) for part in parts[::2]]
text = "".join(parts)
sys.stdout.write(re.sub(r"\A(# [^\n{]*[^\s{])(?: \{#[\w-]+\})?$", rf"\1 {{#{name(PAGE)}}}", text, count=1, flags=re.M))
