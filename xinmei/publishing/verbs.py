"""What people do with posts; 不再提示 and 稿源单位 bring their own."""

from __future__ import annotations

from xinmei.publishing.allowing.verbs import END
from xinmei.publishing.sources.verbs import ADD_SOURCE, END_SOURCE, SOURCE

__all__ = ["ADD_SOURCE", "END", "END_SOURCE", "SOURCE"]
