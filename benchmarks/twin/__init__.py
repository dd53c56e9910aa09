"""The same labour market written as plain Mesa: one Python object per person, firm and vacancy.

What a user of Mesa would write with ordinary attributes, lists and the model's own `random`. The rules of one person or
firm are those of `agents.decisions`, called as plain Python; what happens to the market as a whole (property, demand by
group, offers by occupation, the public's mood) is the engine's own arithmetic on a few dozen numbers.
"""
