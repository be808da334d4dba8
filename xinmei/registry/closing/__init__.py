"""关停导航: all days of a whole closure. 清理优化: what people decide to keep. Cases: what was found, with an end."""
