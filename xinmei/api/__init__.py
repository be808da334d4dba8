"""程序接口: every declared act and every kind, for programs of other offices, and what they are told (0280)."""
