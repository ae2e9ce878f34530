#!/usr/bin/env python3
"""Finds what pages say that is not so. Prints one line per finding.

Usage: pages.py site DIRECTORY          links of the built site that lead nowhere
       pages.py code SOURCE_ROOT        code of the guide that is in no example
       pages.py sheet SOURCE_ROOT       functions that the cheat sheet lacks, or has and the library has not
       pages.py yaml SOURCE_ROOT COMMAND  scenarios of the guide that the command refuses
       pages.py cited SOURCE_ROOT       citations of a section (docs/abides.md 4.3) that is no heading of that page
       pages.py features SOURCE_ROOT    numbers and names of features that differ from env.h
       pages.py names SOURCE_ROOT       names that pages mention (pab_..., PAB_..., files of the tree) and the tree lacks
"""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

BLOCK = re.compile(r"(?:<!-- (\S+) -->\n)?```(\w*)\n(.*?)^```$", re.S | re.M)


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(errors="replace"))

    def handle_starttag(self, tag, attributes):
        for key, value in attributes:
            if tag == "a" and key == "href" and value:
                self.links.append(value)
            if key in ("id", "name") and value:
                self.anchors.add(value)


def site(root):
    pages = {path.name: Page(path) for path in pathlib.Path(root).glob("*.html")}
    if not any(name.startswith("page-guide") for name in pages):
        yield "the guide is not in the site"
    for name, page in sorted(pages.items()):
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme:
                continue
            target = urllib.parse.unquote(parts.path) or name
            if not (pathlib.Path(root) / target).exists():
                yield f"{name}: {link} is not there"
            elif parts.fragment and target in pages and urllib.parse.unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name}: {link}: no such place on that page"


def lines(text):
    return "\n".join(line.strip() for line in text.strip().splitlines())


def guide(root):
    for page in sorted(pathlib.Path(root, "docs/guide").glob("*.md")):
        for match in BLOCK.finditer(page.read_text()):
            yield page, *match.groups()


def code(root):
    count = 0
    for page, source, language, text in guide(root):
        if language not in ("c", "cpp"):
            continue
        count += 1
        first = text.splitlines()[0]
        if not source:
            yield f"{page.name}: code without a source: {first}"
        elif not pathlib.Path(root, source).exists():
            yield f"{page.name}: there is no {source}"
        elif f"\n{lines(text)}\n" not in f"\n{lines(pathlib.Path(root, source).read_text())}\n":
            yield f"{page.name}: not in {source}: {first}"
    if count == 0:
        yield "the guide has no code"


def sheet(root):
    exported = set(re.findall(r"^ +(pab_\w+);", pathlib.Path(root, "lib/pairsabides.map").read_text(), re.M))
    listed = re.findall(r"^\| `(pab_\w+)\(", pathlib.Path(root, "docs/cheatsheet.md").read_text(), re.M)
    for name in sorted(exported - set(listed)):
        yield f"{name} is missing: python3 docs/cheatsheet.py . >docs/cheatsheet.md"
    for name in sorted(set(listed) - exported):
        yield f"{name} is no function of the library"
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield f"{name} is there twice"


def yaml(root, command):
    with tempfile.TemporaryDirectory() as directory:
        for page, _, language, text in guide(root):
            if language != "yaml":
                continue
            path = pathlib.Path(directory, "scenario.yaml")
            path.write_text(text)
            run = subprocess.run([command, "market", path, "--until", "09:30:01"], capture_output=True, text=True)
            if run.returncode != 0:
                yield f"{page.name}: {run.stderr.strip()}"


CITED = re.compile(r"\bdocs/(\w[\w-]*\.md) (\d+(?:\.\d+)*)")
LOOSE = re.compile(r"golden/README|\b[Mm]ethods(?:\.md)?,? (?:section )?\d|\b[Ss]ection \d")


def cited(root):
    sections, count = {}, 0
    for page in sorted(pathlib.Path(root, "docs").glob("*.md")):
        sections[page.name] = set(re.findall(r"^#+ (\d+(?:\.\d+)*) ", page.read_text(), re.M))
    for top in ("lib", "include", "bindings", "examples", "tests", "docs"):
        for path in sorted(pathlib.Path(root, top).rglob("*")):
            if path.suffix not in (".c", ".h", ".hpp", ".cpp", ".py", ".md", ".build", ".yaml"):
                continue
            if not path.is_file() or path == pathlib.Path(root, "tests/docs/pages.py"):
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                where = f"{path.relative_to(root)}:{number}"
                for page, section in CITED.findall(line):
                    count += 1
                    if section not in sections.get(page, ()):
                        yield f"{where}: docs/{page} has no section {section}"
                for match in LOOSE.finditer(re.sub(CITED, "", line)):
                    yield f"{where}: '{match.group()}': cite a section as docs/PAGE.md 4.3"
    if count < 10:
        yield f"only {count} citations were found"


NAME = re.compile(r"\b(?:pab|PAB)_\w+")
PATH = re.compile(r"`((?:lib|include|examples|tests|bindings|docs)/[\w./-]+)`")
FILE = re.compile(r"`([\w.-]+\.[ch])`")


def names(root):
    sources = [path for top in ("include", "lib", "bindings", "tests", "examples")
               for path in pathlib.Path(root, top).rglob("*") if path.suffix in (".h", ".c", ".hpp", ".map")]
    known = {"pab_folders"}  # a list in meson.build
    for path in sources:
        known.update(NAME.findall(path.read_text(errors="replace")))
    stems, files = sorted(known), {path.name for path in sources}
    pages = [pathlib.Path(root, folder, "README.md") for folder in ("", "lib", "examples")]
    for page in pages + sorted(pathlib.Path(root, "docs").rglob("*.md")):
        if page.name == "lab.md":
            continue
        text = page.read_text()
        where = page.relative_to(root)
        for name in sorted(set(NAME.findall(text)) - known):
            if not (name.endswith("_") and any(stem.startswith(name) for stem in stems)):
                yield f"{where}: there is no {name}"
        for name in sorted(set(PATH.findall(text))):
            if not pathlib.Path(root, name).exists():
                yield f"{where}: there is no {name}"
        for name in sorted(set(FILE.findall(text)) - files):
            yield f"{where}: there is no file {name}"


def table_names(header, table):
    rows = re.search(rf"#define {table}\(X\)((?:.*\\\n)+.*)", header).group(1)
    return re.findall(r"\bX\(\w+, (\w+),", rows)


def features(root):
    """Numbers of features in prose, and the list in docs/methods.md 1.6, against the tables of env.h."""
    header = pathlib.Path(root, "include/pairsabides/env.h").read_text()
    leg, pair = table_names(header, "PAB_OBS_LEG_TABLE"), table_names(header, "PAB_OBS_PAIR_TABLE")
    total = 2 * len(leg) + len(pair)
    right = {r"\b(\d+) (?:float32 )?features(?! of a leg)": total, r"\b(\d+) inputs": total,
             r"\b(\d+) features of a leg": len(leg), r"`PAB_OBS_LEG_TABLE` \((\d+)": len(leg),
             r"`PAB_OBS_PAIR_TABLE` \((\d+)": len(pair), r"features \(4 each\).*\| (\d+) \|": 4 * total + 8}
    count = 0
    pages = sorted(pathlib.Path(root, "docs").rglob("*.md")) + [pathlib.Path(root, "include/pairsabides/env.h")]
    for page in pages:
        for pattern, wanted in right.items():
            for number in re.findall(pattern, page.read_text()):
                count += 1
                if int(number) != wanted:
                    yield f"{page.relative_to(root)}: {number} features are mentioned where env.h has {wanted}"
    if count < 6:
        yield f"only {count} numbers of features were found"
    section = re.search(r"^### 1\.6 .*?(?=^### )", pathlib.Path(root, "docs/methods.md").read_text(), re.S | re.M).group()
    listed = set(re.findall(r"`(\w+)`", section))
    for name in leg + pair:
        if name not in listed and re.sub(r"_\d+$", "_n", name) not in listed:
            yield f"docs/methods.md 1.6: the feature {name} is not described"


found = list({"site": site, "features": features, "code": code, "sheet": sheet, "yaml": yaml, "cited": cited,
              "names": names}[sys.argv[1]](*sys.argv[2:]))
print("\n".join(found))
sys.exit(1 if found else 0)
