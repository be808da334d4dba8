"""The parts of `tools/train_typos.py`. They need numpy, lightgbm and pypinyin, which the project itself does not."""
