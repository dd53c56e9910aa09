"""The same labour market written as plain Mesa: one Python object per person, firm and vacancy.

What a user of Mesa would write with ordinary attributes and lists, and the specification of what persons do: with the
engine's hashed random numbers everybody lives the same months as in the engine (tests/test_twin.py). The rules of one
person are those of `agents.decisions`, called as plain Python; what concerns no single person (property, demand, what
firms plan and post, offers by occupation, the public's mood) is the engine's own arithmetic.
"""
