"""The verbs of this room: one function is one transaction and one event. Each raises Refused for lack of right."""
