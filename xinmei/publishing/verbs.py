"""What people do with posts; 不再提示 brings its own."""

from __future__ import annotations

from xinmei.publishing.allowing.verbs import END

__all__ = ["END"]
