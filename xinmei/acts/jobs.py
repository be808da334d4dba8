"""What the acts' machine does in the background."""

from __future__ import annotations

from datetime import timedelta

from xinmei.acts.models import Answer
from xinmei.jobs.handlers import Run, daily, handler

# A form that was left open for a month is drawn anew. Keys of `xinmei do` are the caller's own and are kept.
KEPT = timedelta(days=30)


@handler("forget_answers", title="清理网页表单的答复", every=daily("每天 3:50", hour=3, minute=50))
def forget(run: Run) -> str:
    """Deletes the answers that were kept for forms sent twice."""
    gone, _ = Answer.objects.filter(key__startswith="page ", at__lt=run.now - KEPT).delete()
    return f"清理 {gone} 条。"
