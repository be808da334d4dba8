"""Spreadsheets as they come from elsewhere: workbooks and CSV, read within limits."""
