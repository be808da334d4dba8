"""机构合并、更名、撤销: each on a day; results of before keep the name of theirs."""
