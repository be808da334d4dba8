"""稿源单位: the sources that the city's office adds to those of `rules/sources/`, each from a day, to a day."""
