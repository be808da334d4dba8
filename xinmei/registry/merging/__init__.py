"""机构合并: one unit goes into another on a day; results of before keep its name."""
