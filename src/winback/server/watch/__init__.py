"""Flare-ups in the workspace: looked for as answers come in, told once, acted on, and remembered.

| step | modules |
|---|---|
| when to look, and at what | planning, tasks, actions; themed (which themes, and whether they are read) |
| one look, nothing written | looking; counting (a segment in its counts), merging (one finding a fire), causes, money; reduced (from counts to the decision) |
| what is kept of it | keeping (whole or not at all), alarming (which finding is which alarm), burning (how it goes on, wakes, ends), telling (who hears of it) |
| what people do | deciding |
| what is shown | queries, changes, naming, wording, exposed (the same boat), saying, showing; views, api |
| pure rules, tables, persons | rules, models, personal |
"""
