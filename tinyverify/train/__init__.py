"""From an environment to a trained teacher and a distilled student.

`environments` and `network` need numpy alone; `evaluate` needs gymnasium; `teacher` and `student` need the
`train` extra (torch, stable-baselines3). The heavy libraries are imported when a function runs, never on import.
"""
