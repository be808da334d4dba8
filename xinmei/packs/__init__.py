"""机器筛查 in use: what an office adds to the rule packs and takes back from them; the engine itself is `xinmei.core.screening`."""
