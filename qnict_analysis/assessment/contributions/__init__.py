"""Who makes a provincial figure: what reporting units add to it, who will be there in time, who comes next, and how they rank.

``shift_share``  units' parts of a value, of what is missing, and of a change
``adoption``     the chance that each unit is where a target wants it at the deadline
"""
