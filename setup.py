"""Builds the C engines where a compiler is; without one the package works all the same, more slowly (see
docs/decisions/0033).

`rules/` stands beside the code, so that it can be read without it; a built package carries a copy inside
(docs/decisions/0172).
"""

from pathlib import Path
from shutil import copytree

from setuptools import Extension, setup
from setuptools.command.build_py import build_py


class BuildWithRules(build_py):
    """Copies `rules/` into the package, where `core.rulebook` looks first."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            copytree("rules", Path(self.build_lib) / "xinmei" / "rules", dirs_exist_ok=True)


# No product is added before it is rounded: the same hits on every machine (docs/decisions/0042).
FAST = {
    "extra_compile_args": ["-O3", "-ffp-contract=off"],
    "optional": True,
    "depends": ["xinmei/core/screening/weigher.h", "xinmei/core/screening/texts.h", "xinmei/core/screening/wide.h"],
}
setup(
    cmdclass={"build_py": BuildWithRules},
    ext_modules=[
        Extension("xinmei.core.screening._scan", ["xinmei/core/screening/_scan.c"], **FAST),
        Extension(
            "xinmei.core.screening.typos._typos",
            ["xinmei/core/screening/typos/_typos.c"],
            **FAST,
        ),
    ],
)
