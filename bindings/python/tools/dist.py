"""Puts the library beside the package in a source distribution, where a link stands in the tree."""
import os
import pathlib
import shutil

PARTS = ("meson.build", "meson_options.txt", "LICENSE", "lib", "include", "bindings/meson.build", "bindings/cmake",
         "bindings/cpp")


def main() -> None:
    root = pathlib.Path(os.environ["MESON_SOURCE_ROOT"]).resolve().parents[1]
    target = pathlib.Path(os.environ["MESON_DIST_ROOT"], "subprojects", "pairsabides")
    if target.is_symlink():
        target.unlink()
    for part in PARTS:
        copy = target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if (root / part).is_dir():
            shutil.copytree(root / part, copy)
        else:
            shutil.copy2(root / part, copy)


main()
