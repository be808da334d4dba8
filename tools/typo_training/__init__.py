"""What `tools/train_typos.py` is made of. Needs numpy, lightgbm and pypinyin, which the project itself does not."""
