"""链接: where the links of posts lead."""
