"""What tools/house_figures.py counts. Standard library only, so that it reads a checkout without its environment."""
