"""Ends with 0 where the service on this machine answers `/healthz`: for the HEALTHCHECK of the Containerfile.

python tools/healthcheck.py [PORT]
"""

from __future__ import annotations

import http.client
import os
import sys

PATIENCE = 8  # seconds


def main() -> int:
    """Asks as a proxy would: by the first allowed host, over HTTPS. A redirect to HTTPS is an answer too."""
    host = os.environ.get("XINMEI_ALLOWED_HOSTS", "*").split(",")[0].strip().lstrip(".")
    service = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1] if sys.argv[1:] else 8000), timeout=PATIENCE)
    try:
        service.request(
            "GET", "/healthz", headers={"Host": "localhost" if host == "*" else host, "X-Forwarded-Proto": "https"}
        )
        return 0 if service.getresponse().status in (200, 301) else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
