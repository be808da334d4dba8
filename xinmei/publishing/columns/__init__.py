"""栏目模板: what a draft of a column begins with."""
