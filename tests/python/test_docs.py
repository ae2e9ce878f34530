"""The guide's examples run, one after the other."""
import pathlib
import re

import pytest

GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "python.md"


def test_the_guide_s_examples_run(capsys):
    for package in ("pandas", "matplotlib", "gymnasium", "pettingzoo"):
        pytest.importorskip(package)
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 5
    names = {}
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), names)
    assert len(names["fills"]) > 0 and len(names["frame"]) == 3 * 2 * 8
    assert "lae" in capsys.readouterr().out
