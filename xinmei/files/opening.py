"""Which store the settings name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from xinmei.files.folder import Folder
from xinmei.files.stores import Misplaced, Store


def store() -> Store:
    """The store of the settings. Raises Misplaced."""
    return open_store(str(settings.FILES))


def open_store(address: str) -> Store:
    """A folder by its path, or a bucket by `s3://BUCKET/PREFIX`. Raises Misplaced."""
    if address.startswith("s3://"):
        parts = urlsplit(address)
        access = (settings.S3_ENDPOINT, settings.S3_REGION, settings.S3_KEY, settings.S3_SECRET)
        return _open_bucket(parts.netloc, parts.path.strip("/"), *access)
    return Folder(Path(address))


@lru_cache(maxsize=8)
def _open_bucket(bucket: str, prefix: str, endpoint: str, region: str, key: str, secret: str) -> Store:
    """One client for the process: it may be used by several threads."""
    try:
        from xinmei.files.bucket import Bucket
    except ImportError:
        raise Misplaced(
            "XINMEI_FILES 写的是 s3://…，但没有安装 boto3；请安装 xinmei[s3]，或把 XINMEI_FILES 改成一个目录"
        ) from None
    return Bucket(bucket, prefix, endpoint=endpoint, region=region, key=key, secret=secret)
