"""Builds the C engines where a compiler is; without one the package works all the same, more slowly (see docs/decisions/0033)."""

from setuptools import Extension, setup

FAST = ["-O3"]
setup(
    ext_modules=[
        Extension("xinmei.core.screening._scan", ["xinmei/core/screening/_scan.c"], extra_compile_args=FAST, optional=True),
        Extension(
            "xinmei.core.screening.typos._typos",
            ["xinmei/core/screening/typos/_typos.c"],
            extra_compile_args=FAST,
            optional=True,
            py_limited_api=True,
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
        ),
    ]
)
