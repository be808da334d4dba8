"""The exchange bundle, read and written.

One folder, zip or workbook carries a jurisdiction's facts from one place to another.
"""
