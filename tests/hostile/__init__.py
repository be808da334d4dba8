"""Addresses of functions that are broken or mean harm, and the servers behind them. One of a hundred loopback addresses
stands for the public network; all others are private, and no packet may go there.
"""
