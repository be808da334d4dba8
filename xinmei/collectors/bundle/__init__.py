"""The exchange bundle: one folder, zip or workbook that carries a jurisdiction's facts from one place to another, read and written."""
