"""What all pages share: the shell, tags, badges, lists, and how a room is found by the names of its modules.

It knows no room.
"""
