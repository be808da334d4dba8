"""备案: 开设、变更、关停、注销 of accounts, on one path (`rules/filings/`), as notice 三 asks."""
